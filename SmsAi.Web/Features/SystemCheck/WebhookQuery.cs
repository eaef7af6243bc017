using SmsAi.Core.Features.SystemCheck;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>What the webhook log's address asks for.</summary>
public sealed record WebhookQuery
{
    public static IReadOnlyList<KeyValuePair<string, string>> Paths { get; } = [new("/sms/receive", "Texts, /sms/receive"), new("/sms/status", "Reports, /sms/status")];

    public string? Verdict { get; init; }
    public string? Path { get; init; }
    public DayRange Days { get; init; } = new();

    public bool IsUsual => Verdict is null && Path is null && Days.IsUsual;

    public WebhookFilter ToFilter(BrowserClock clock) => new(Days.Start(clock), Days.End(clock), Verdict, Path);
}
