using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Auditing;

/// <summary>What the page's address asks for.</summary>
public sealed record AuditQuery
{
    public string? Who { get; init; }
    public string? Act { get; init; }
    public string? Search { get; init; }
    public DayRange Days { get; init; } = new();

    public bool IsUsual => Who is null && Act is null && Search is null && Days.IsUsual;

    public AuditFilter ToFilter(BrowserClock clock) => new()
    {
        From = Days.Start(clock),
        Until = Days.End(clock),
        Actor = Who,
        Action = Act,
        Search = Search?.Trim(),
    };
}
