using SmsAi.Core.Features.SystemCheck;

namespace SmsAi.Web.Features.SystemCheck;

/// <summary>A page of the webhook log and the verdicts to choose from.</summary>
public sealed class WebhooksModel(WebhookLog log)
{
    public const int PageSize = 50;

    /// <summary>Null before the first reading.</summary>
    public WebhookWindow? Window { get; private set; }

    public IReadOnlyList<string> Verdicts { get; private set; } = [];

    public async Task LoadAsync(WebhookFilter filter, WebhookCursor? before, WebhookCursor? after, CancellationToken cancel)
    {
        var window = await log.ReadAsync(filter, before, after, PageSize, cancel);
        // Back at the top, and less than a page there: the newest, then, as if nobody had paged.
        if (after is not null && !window.HasNewer && window.Lines.Count < PageSize)
            window = await log.ReadAsync(filter, null, null, PageSize, cancel);
        Verdicts = await log.VerdictsAsync(cancel);
        Window = window;
    }
}
