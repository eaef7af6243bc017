using System.Globalization;
using SmsAi.Core.Pipeline.Ledger;

namespace SmsAi.Core.Features.Phone;

/// <summary>Tells the calls to model and carrier, and the carrier's reports, from the steps of the ledger.</summary>
internal static class LedgerWire
{
    private const string Send = "Messages.create";
    private const string Report = "POST /sms/status";

    /// <summary>The call a step stands for; null when nothing went over a wire.</summary>
    public static WireLine? Of(LedgerEvent step)
    {
        var data = EventData.Of(step);
        return step.Type switch
        {
            EventTypes.Answered => Answered(step, data),
            EventTypes.Sent when data.Text("recovered") == "found" => Line(step, data, "GET Messages", "found in the carrier's list", 200),
            // A report had said so; nobody was called.
            EventTypes.Sent when data.Text("recovered") is { Length: > 0 } => null,
            EventTypes.Sent => Line(step, data, Send, Parts(data.Number("segments") ?? 1), 201),
            EventTypes.Retry => Retried(step, data),
            EventTypes.Uncertain => Line(step, data, Send, "no clear answer", null),
            EventTypes.Failed => Line(step, data, Send, $"refused, {data.Text("code")}", 400),
            EventTypes.Status => Line(step, data, Report, Reported(data), 200, WireDirection.In),
            _ => null,
        };
    }

    private static WireLine? Answered(LedgerEvent step, EventData data) =>
        data.Text("model") is { Length: > 0 } model
            ? Line(step, data, "chat.completions", string.Create(CultureInfo.InvariantCulture, $"{model}, {data.Number("out")} tokens"), 200)
            : null;

    private static WireLine? Retried(LedgerEvent step, EventData data)
    {
        var again = string.Create(CultureInfo.InvariantCulture, $"again in {data.Number("seconds")} s");
        return data.Text("why") switch
        {
            "carrier_throttles" => Line(step, data, Send, $"too fast, {again}", 429),
            "carrier_unreachable" => Line(step, data, Send, $"not reached, {again}", null),
            { } why when why.StartsWith("carrier_refuses_account", StringComparison.Ordinal) => Line(step, data, Send, $"account refused, {again}", 401),
            { } why when why.StartsWith("model", StringComparison.Ordinal) => Line(step, data, "chat.completions", $"no answer, {again}", null),
            _ => null,
        };
    }

    private static string Reported(EventData data) => data.Number("code") is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"{data.Text("status")}, {code}")
        : data.Text("status") ?? "";

    private static string Parts(long segments) => segments == 1 ? "1 segment" : string.Create(CultureInfo.InvariantCulture, $"{segments} segments");

    private static WireLine Line(LedgerEvent step, EventData data, string call, string note, int? status, WireDirection direction = WireDirection.Out) => new(
        string.Create(CultureInfo.InvariantCulture, $"step-{step.Id}"), step.At, direction, call, note, status,
        data.Number("ms") is { } took and > 0 ? TimeSpan.FromMilliseconds(took) : null,
        [.. Facts(data)]);

    private static IEnumerable<WireFact> Facts(EventData data)
    {
        foreach (var (name, word) in new[] { ("message", "m"), ("attempt", "a"), ("sid", "sid"), ("model", "model"), ("tokens in", "in"), ("tokens out", "out"),
                     ("segments", "segments"), ("status", "status"), ("error", "code"), ("reason", "why") })
        {
            if (data.Text(word) is { Length: > 0 } value)
                yield return new WireFact(name, value);
        }
    }
}
