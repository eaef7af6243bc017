using SmsAi.Core.Features.Errors;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Errors;

/// <summary>Says categories and severities as people say them.</summary>
public static class ErrorWords
{
    public static string Category(string category) => category switch
    {
        "BUSINESS_LOGIC" => "Business logic",
        { Length: > 0 } => category[0] + category[1..].ToLowerInvariant(),
        _ => "",
    };

    public static string Severity(string severity) => severity.Length == 0 ? "" : severity[0] + severity[1..].ToLowerInvariant();

    /// <summary>What it asks of whoever reads it.</summary>
    public static string Meaning(string severity) => severity switch
    {
        "LOW" => "for information",
        "MEDIUM" => "to be watched",
        "HIGH" => "needs attention",
        _ => "needs somebody at once",
    };

    public static (Tone Tone, IconName Icon) Mark(ErrorView error) => error switch
    {
        { IsResolved: true } => (Tone.None, IconName.Check),
        { Severity: "CRITICAL" } => (Tone.Stop, IconName.Fault),
        { Severity: "HIGH" } => (Tone.Warn, IconName.Warning),
        _ => (Tone.None, IconName.Information),
    };

    public static string Number(long count) => NumberText.Of(count);

    public static string Errors(long count) => count == 1 ? "1 error" : $"{Number(count)} errors";
}
