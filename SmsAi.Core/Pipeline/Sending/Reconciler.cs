using Microsoft.Extensions.Options;
using NpgsqlTypes;
using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Pipeline.Sending;

/// <summary>What is known about an outbound message before it is (re)sent: an end of this run, or "not with the carrier".</summary>
internal readonly record struct Certainty(Settlement? End, bool IsAbsent);

/// <summary>
/// Resolves a send whose outcome nobody knows, by the carrier's own list: found, it is bound; not found twice, it may go again;
/// the list unavailable, or too long to be read to its end, it stays, and after fifteen minutes a person decides. It is never sent again blindly.
/// </summary>
public sealed class Reconciler(ICarrier carrier, Databases databases, SendOutcomes outcomes, IOptions<QueueOptions> options)
{
    internal async Task<Certainty> ResolveAsync(Turn turn, Outbound outbound, CancellationToken stopping)
    {
        switch (outbound.State)
        {
            case "draft" or "pending" or "held":
                return new Certainty(null, false);
            case not ("sending" or "uncertain"):
                // A receipt was faster than a crash, or it ended otherwise; there is nothing left to do but to tell.
                return new Certainty(outcomes.Resolved(turn, outbound), false);
        }

        var left = options.Value.Settle - outbound.SendingFor;
        if (left > TimeSpan.Zero)
            return new Certainty(SendOutcomes.StillUncertain(turn, "settling", left), false);
        var from = turn.OurNumber.StartsWith("MG", StringComparison.Ordinal) ? null : turn.OurNumber;
        // The carrier's clock and ours may differ by two minutes.
        var since = (outbound.SendingAt ?? outbound.At) - TimeSpan.FromSeconds(120);
        var listing = await carrier.ListToAsync(turn.Person.Address, from, since, stopping);
        if (listing is CarrierListing.Found found && await JudgeAsync(turn, outbound, found, stopping) is { } certainty)
            return certainty;
        return new Certainty(
            outbound.SendingFor > options.Value.UncertainAtMost ? NeedsPerson(turn) : SendOutcomes.StillUncertain(turn, "list_unavailable", TimeSpan.FromSeconds(5)), false);
    }

    /// <summary>Null when the list doesn't reach back to the send: what is not on its pages may still have been taken.</summary>
    private async Task<Certainty?> JudgeAsync(Turn turn, Outbound outbound, CarrierListing.Found found, CancellationToken stopping)
    {
        var candidates = found.Messages.Where(message => message.Body == outbound.Text).ToList();
        var bound = await BoundAsync(candidates, stopping);
        if (candidates.LastOrDefault(message => !bound.Contains(message.Sid)) is { } match)
            return new Certainty(outcomes.Found(turn, match), false);
        if (!found.IsWhole)
            return null;
        // Read-your-write is not promised: a second look after half the settling time.
        return turn.Looks == 0
            ? new Certainty(SendOutcomes.StillUncertain(turn, "not_listed", options.Value.Settle / 2) with { CountsAsLook = true }, false)
            : new Certainty(null, true);
    }

    private async Task<HashSet<string>> BoundAsync(List<CarrierMessage> candidates, CancellationToken cancel)
    {
        var bound = new HashSet<string>(StringComparer.Ordinal);
        if (candidates.Count == 0)
            return bound;
        await using var command = databases.Road.CreateCommand("select twilio_sid from message_sids where twilio_sid = any($1)");
        command.Parameters.Add(Columns.Of(candidates, message => message.Sid, NpgsqlDbType.Text));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            bound.Add(reader.GetString(0));
        return bound;
    }

    private static Settlement NeedsPerson(Turn turn) => new(turn, QueueAct.Dead)
    {
        Fault = "the carrier's list could not be read",
        OutboundState = "needs_person",
        EventType = EventTypes.DeadLetter,
        EventData = $$"""{"m":{{turn.Outbound!.Id}},"why":"uncertain"}""",
    };
}
