using System.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Intake.Webhooks;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>What one sweep over all our numbers came to.</summary>
/// <param name="Found">Texts nobody had told us of.</param>
/// <param name="IsComplete">Every number could be asked and everything found was kept.</param>
public sealed record SweepOutcome(int Found, bool IsComplete);

/// <summary>
/// Fetches the texts whose webhooks never reached us: the carrier gives a webhook up within seconds, but its list keeps the text.
/// Each number's mark moves only after everything up to it was kept, and each look goes ten minutes further back.
/// </summary>
public sealed partial class InboundSweep(
    Databases databases, ICarrier carrier, OurNumbers ours, IntakeQueue intake, IOptions<TwilioOptions> twilio, ILogger<InboundSweep> logger)
{
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(10);

    /// <summary>Sweeps all our numbers once; null when another replica is just doing it.</summary>
    public async Task<SweepOutcome?> RunOnceAsync(CancellationToken cancel)
    {
        await using var connection = await databases.Pages.OpenConnectionAsync(cancel);
        await using var attempt = new NpgsqlCommand(SweepSql.TryLock, connection);
        if (await attempt.ExecuteScalarAsync(cancel) is not true)
            return null;
        try
        {
            var (found, isComplete) = (0, true);
            foreach (var number in ours.All)
            {
                var outcome = await SweepAsync(connection, number, cancel);
                found += outcome.Found;
                isComplete &= outcome.IsComplete;
            }

            return new SweepOutcome(found, isComplete);
        }
        finally
        {
            await UnlockAsync(connection);
        }
    }

    /// <summary>The pool would keep the session, and with it the lock; a broken session has let go by itself.</summary>
    private static async Task UnlockAsync(NpgsqlConnection connection)
    {
        if (connection.State != ConnectionState.Open)
            return;
        try
        {
            await using var unlock = new NpgsqlCommand(SweepSql.Unlock, connection);
            await unlock.ExecuteScalarAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // Broken just now: the fault that matters is on its way already.
        }
    }

    private async Task<SweepOutcome> SweepAsync(NpgsqlConnection connection, string number, CancellationToken cancel)
    {
        var (mark, now) = await ReadMarkAsync(connection, number, cancel);
        if (await carrier.ListInboundAsync(number, mark - Overlap, page => MissingAsync(connection, page, cancel), cancel) is not CarrierListing.Found listing)
        {
            LogNotListed();
            return new SweepOutcome(0, IsComplete: false);
        }

        var missing = listing.Messages;
        // In the carrier's order, and all at once: the queue keeps the order and makes few transactions of them.
        var results = await Task.WhenAll(missing.Select(message => intake.AddAsync(ArrivalOf(message), cancel)));
        var isKept = !results.Contains(IntakeResult.Unavailable);
        if (missing.Count > 0)
            LogFound(missing.Count);
        if (!listing.IsWhole)
            LogTooMany();
        if (isKept && listing.IsWhole)
            await MoveAsync(connection, number, now, cancel);
        return new SweepOutcome(missing.Count, isKept && listing.IsWhole);
    }

    private static async Task<(DateTimeOffset Mark, DateTimeOffset Now)> ReadMarkAsync(NpgsqlConnection connection, string number, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(SweepSql.Mark, connection) { Parameters = { new() { Value = number } } };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetFieldValue<DateTimeOffset>(1));
    }

    private static async Task<IReadOnlyList<CarrierMessage>> MissingAsync(
        NpgsqlConnection connection, IReadOnlyList<CarrierMessage> messages, CancellationToken cancel)
    {
        if (messages.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(SweepSql.Known, connection)
        {
            Parameters = { new() { Value = messages.Select(message => message.Sid).ToArray() } },
        };
        var known = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            known.Add(reader.GetString(0));
        return [.. messages.Where(message => !known.Contains(message.Sid))];
    }

    private static async Task MoveAsync(NpgsqlConnection connection, string number, DateTimeOffset until, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(SweepSql.Move, connection) { Parameters = { new() { Value = number }, new() { Value = until } } };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private InboundArrival ArrivalOf(CarrierMessage message)
    {
        var (from, to) = (PhoneNumber.Parse(message.From), PhoneNumber.Parse(message.To));
        var account = twilio.Value.AccountSid ?? "";
        return new InboundArrival(
            new InboundText
            {
                MessageSid = message.Sid,
                AccountSid = account,
                MessagingServiceSid = message.MessagingServiceSid,
                From = from,
                To = to,
                Body = message.Body.Replace("\0", "", StringComparison.Ordinal),
                Channel = from.IsWhatsApp || to.IsWhatsApp ? InboundText.WhatsApp : InboundText.Sms,
                NumSegments = message.Segments,
                // The list says how many pictures there are, not where: their own list does.
                Media = [.. Enumerable.Repeat(
                    new InboundMedia($"{twilio.Value.ApiBaseUrl}/2010-04-01/Accounts/{account}/Messages/{message.Sid}/Media.json", null), message.MediaCount)],
            },
            Via: "sweep", Token: "none", UrlVariant: "none")
        {
            WrittenAt = message.CreatedAt,
        };
    }

    [LoggerMessage(1021, LogLevel.Warning, "{Count} texts came without a webhook; the sweep took them in")]
    private partial void LogFound(int count);

    [LoggerMessage(1022, LogLevel.Warning, "The carrier's list of texts to us could not be read; the sweep tries again")]
    private partial void LogNotListed();

    [LoggerMessage(1023, LogLevel.Error, "More texts came since the last sweep than the carrier lists; older ones may be missing")]
    private partial void LogTooMany();
}
