using Microsoft.Extensions.Logging;
using Npgsql;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;

namespace SmsAi.Core.Pipeline.Receipts;

/// <summary>Brings delivery reports to their messages: many in one transaction, each as often as it comes, in whatever order.</summary>
public sealed partial class ReceiptWriter : IAsyncDisposable
{
    private const int LargestBatch = 128;
    private const int Waiting = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);

    private readonly Databases _databases;
    private readonly Replica _replica;
    private readonly LiveFeed _live;
    private readonly ILogger _logger;
    private readonly GroupCommit<Receipt, ReceiptResult> _commits;

    public ReceiptWriter(Databases databases, Replica replica, LiveFeed live, ILogger<ReceiptWriter> logger)
    {
        (_databases, _replica, _live, _logger) = (databases, replica, live, logger);
        // One writer: receipts of one message that come at once meet in one batch instead of waiting for each other's locks.
        _commits = new(databases.Road, writers: 1, LargestBatch, Waiting, CommitAsync);
    }

    /// <summary>Completes after the commit, or after 700 ms with <see cref="ReceiptResult.Unavailable"/>; a commit that still happens does no harm.</summary>
    public async Task<ReceiptResult> AddAsync(Receipt receipt, CancellationToken cancel)
    {
        try
        {
            return await _commits.AddAsync(receipt, cancel).WaitAsync(Patience, cancel);
        }
        catch (TimeoutException)
        {
            return ReceiptResult.Unavailable;
        }
        catch (NpgsqlException fault)
        {
            LogNotWritten(fault.SqlState ?? "no answer");
            return ReceiptResult.Unavailable;
        }
    }

    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<ReceiptResult[]> CommitAsync(IReadOnlyList<Receipt> receipts)
    {
        await using var connection = await _databases.Road.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var matches = await ReceiptLook.LockAndReadAsync(connection, receipts);
        var plan = ReceiptPlan.Make(receipts, matches);
        await ReceiptWrites.RunAsync(connection, plan, _replica.IdIfKnown);
        // Checkpoint: until here nothing is known to anyone; the carrier is answered after the commit.
        await transaction.CommitAsync();
        if (plan.Changed.Count > 0)
            _live.Publish("messages");
        return plan.Results;
    }

    [LoggerMessage(1601, LogLevel.Error, "Receipts were not written ({SqlState}); they were answered 503")]
    private partial void LogNotWritten(string sqlState);
}
