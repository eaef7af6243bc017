using System.Collections.Frozen;
using System.Globalization;
using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>Says services, their states and webhooks' verdicts as people say them; a verdict nobody named yet is shown by its own word.</summary>
public static class SystemWords
{
    private static readonly FrozenDictionary<string, string> Verdicts = new Dictionary<string, string>
    {
        ["field_name_too_long"] = "A field's name was too long",
        ["field_too_long"] = "A field was too long",
        ["header_malformed"] = "Malformed signature",
        ["header_missing"] = "No signature",
        ["never_sent"] = "Report about a text never sent",
        ["no_public_url"] = "Our public URL is not set",
        ["no_token_configured"] = "No auth token is set",
        ["not_a_form"] = "Not a form",
        ["other_account"] = "Another account's",
        ["other_message"] = "Report about another message",
        ["other_sid"] = "Report with another id",
        ["signature_mismatch"] = "The signature doesn't fit",
        ["signature_refused"] = "The signature was refused",
        ["too_large"] = "Too large",
        ["too_many_fields"] = "Too many fields",
        ["unknown"] = "Report about an unknown message",
        ["unknown_status"] = "Report with an unknown status",
    }.ToFrozenDictionary();

    public static string Verdict(string verdict) => Verdicts.GetValueOrDefault(verdict)
        ?? (verdict.Length == 0 ? "" : char.ToUpperInvariant(verdict[0]) + verdict[1..].Replace('_', ' '));

    public static string Service(string name) => name switch
    {
        ServiceStates.Database => "PostgreSQL",
        ServiceStates.Redis => "Redis",
        ServiceStates.Twilio => "Carrier",
        _ => "Model",
    };

    /// <summary>What its absence means.</summary>
    public static string Without(string name) => name switch
    {
        ServiceStates.Database => "Without it nothing is taken in and nothing is sent",
        ServiceStates.Redis => "Without it each replica counts for itself",
        ServiceStates.Twilio => "Without it answers wait to be sent",
        _ => "Without it texts wait for their answer",
    };

    public static string State(ServiceView service) => service.State switch
    {
        ServiceState.Up => "Up",
        ServiceState.Down when service.DownFor.Count < service.AskedBy => string.Create(CultureInfo.InvariantCulture, $"Down for {service.DownFor.Count} of {service.AskedBy}"),
        ServiceState.Down => "Down",
        ServiceState.Off => "Not configured",
        _ => "Not asked yet",
    };

    public static (Tone Tone, IconName Icon) Mark(ServiceView service) => service.State switch
    {
        ServiceState.Up => (Tone.Ok, IconName.Check),
        ServiceState.Down => (service.Name == ServiceStates.Redis ? Tone.Warn : Tone.Stop, IconName.Fault),
        ServiceState.Off => (Tone.None, IconName.Circle),
        _ => (Tone.None, IconName.Clock),
    };

    /// <summary>With a tenth below ten milliseconds, where the difference is.</summary>
    public static string Latency(TimeSpan latency) => latency.TotalMilliseconds < 9.95
        ? NumberText.Of(latency.TotalMilliseconds, "0.0") + " ms"
        : DurationText.Of(latency);

    public static string Number(long count) => NumberText.Of(count);
}
