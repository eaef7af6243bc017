using SmsAi.Core.Features.Auditing;

namespace SmsAi.Web.Features.Auditing;

/// <summary>A page of the trail, the line that is open, and what the last walk along the chain found.</summary>
public sealed class AuditModel(AuditReader reader, ChainCheck check, AuditCopies copies)
{
    public const int PageSize = 50;

    /// <summary>Null before the first reading.</summary>
    public AuditWindow? Window { get; private set; }

    public AuditChoices Choices { get; private set; } = new([], []);

    public ChainVerdict? Verdict { get; private set; }

    /// <summary>How the copies outside stand; empty when none is kept.</summary>
    public IReadOnlyList<AuditCopyState> Copies { get; private set; } = [];

    /// <summary>The open line when it is not on this page: somebody followed a link to it.</summary>
    public AuditLine? Linked { get; private set; }

    public async Task LoadAsync(AuditFilter filter, long? before, long? after, long? open, CancellationToken cancel)
    {
        var window = await reader.ReadAsync(filter, before, after, PageSize, cancel);
        // Back at the top, and less than a page there: the newest, then, as if nobody had paged.
        if (after is not null && !window.HasNewer && window.Lines.Count < PageSize)
            window = await reader.ReadAsync(filter, null, null, PageSize, cancel);
        Linked = open is { } id && window.Lines.All(line => line.Id != id) ? await reader.FindAsync(id, cancel) : null;
        Choices = await reader.ChoicesAsync(cancel);
        Verdict = await check.LastAsync(cancel);
        Copies = await copies.ReadAsync(cancel);
        Window = window;
    }

    public Task VerifyAsync(Actor actor, CancellationToken cancel) => check.VerifyAsync(actor, cancel);
}
