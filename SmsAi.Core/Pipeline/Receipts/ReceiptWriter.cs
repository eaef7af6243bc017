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

    private readonly Databases databases;
    private readonly Replica replica;
    private readonly LiveFeed live;
    private readonly ILogger logger;
    private readonly GroupCommit<Receipt, ReceiptResult> commits;

    public ReceiptWriter(Databases databases, Replica replica, LiveFeed live, ILogger<ReceiptWriter> logger)
    {
        (this.databases, this.replica, this.live, this.logger) = (databases, replica, live, logger);
        // One writer: receipts of one message that come at once meet in one batch instead of waiting for each other's locks.
        commits = new(writers: 1, LargestBatch, Waiting, CommitAsync);
    }

    /// <summary>Completes after the commit, or after 700 ms with <see cref="ReceiptResult.Unavailable"/>; a commit that still happens does no harm.</summary>
    public async Task<ReceiptResult> AddAsync(Receipt receipt, CancellationToken cancel)
    {
        try
        {
            return await commits.AddAsync(receipt, cancel).WaitAsync(Patience, cancel);
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

    public ValueTask DisposeAsync() => commits.DisposeAsync();

    private async Task<ReceiptResult[]> CommitAsync(IReadOnlyList<Receipt> receipts)
    {
        await using var connection = await databases.Road.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var matches = await ReceiptLook.LockAndReadAsync(connection, receipts);
        var plan = ReceiptPlan.Make(receipts, matches);
        await ReceiptWrites.RunAsync(connection, plan, replica.IdIfKnown);
        // Checkpoint: until here nothing is known to anyone; the carrier is answered after the commit.
        await transaction.CommitAsync();
        if (plan.Changed.Count > 0)
            live.Publish("messages");
        return plan.Results;
    }

    [LoggerMessage(1601, LogLevel.Error, "Receipts were not written ({SqlState}); they were answered 503")]
    private partial void LogNotWritten(string sqlState);
}
