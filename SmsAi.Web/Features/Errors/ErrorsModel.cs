using SmsAi.Core.Features.Errors;

namespace SmsAi.Web.Features.Errors;

/// <summary>A page of errors and the one that is open.</summary>
public sealed class ErrorsModel(ErrorList list)
{
    public const int PageSize = 50;

    /// <summary>Null before the first reading.</summary>
    public ErrorWindow? Window { get; private set; }

    public IReadOnlyList<string> Components { get; private set; } = [];

    public ErrorDetail? Detail { get; private set; }

    /// <summary>The open one is not among those of this page: somebody followed a link to it.</summary>
    public bool IsLinked => Detail is { } detail && Window?.Errors.All(error => error.Id != detail.Error.Id) == true;

    public async Task LoadAsync(ErrorFilter filter, ErrorCursor? before, ErrorCursor? after, long? open, CancellationToken cancel)
    {
        var window = await list.ReadAsync(filter, before, after, PageSize, cancel);
        // Back at the top, and less than a page there: the newest, then, as if nobody had paged.
        if (after is not null && !window.HasNewer && window.Errors.Count < PageSize)
            window = await list.ReadAsync(filter, null, null, PageSize, cancel);
        Detail = open is { } id ? await list.FindAsync(id, cancel) : null;
        Components = await list.ComponentsAsync(cancel);
        Window = window;
    }
}
