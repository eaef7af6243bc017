using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Searching;
using SmsAi.Core.Features.Stories;

namespace SmsAi.Web.Features.Conversations;

/// <summary>A page of the inbox, how much waits there, and the tiers it can be filtered by.</summary>
public sealed class InboxModel(InboxList list, PeopleList people, TextSearch search, SavedViews views)
{
    public const int PageSize = 40;

    /// <summary>Null before the first reading.</summary>
    public InboxWindow? Window { get; private set; }

    public InboxCounts Counts { get; private set; } = new(0, 0, 0);

    public IReadOnlyList<string> Tiers { get; private set; } = [];

    /// <summary>The caller checks the right to read texts.</summary>
    public async Task LoadAsync(InboxFilter filter, MessageCursor? before, MessageCursor? after, bool withTexts, CancellationToken cancel)
    {
        if (Tiers.Count == 0)
            Tiers = await people.TiersAsync(cancel);
        var window = await list.ReadAsync(filter, before, after, PageSize, withTexts, cancel);
        // Back at the top, and less than a page there: the newest, then, as if nobody had paged.
        if (after is not null && !window.HasNewer && window.Lines.Count < PageSize)
            window = await list.ReadAsync(filter, null, null, PageSize, withTexts, cancel);
        Counts = await list.CountAsync(filter.Operator, cancel);
        Window = window;
    }

    /// <summary>What the last search found; null while nobody searches.</summary>
    public FoundTexts? Found { get; private set; }

    /// <summary>Whose alias begins with the words of the last search.</summary>
    public IReadOnlyList<FoundPerson> FoundPeople { get; private set; } = [];

    public IReadOnlyList<SavedView> Views { get; private set; } = [];

    /// <summary>Empty words end the search. The command checks the right.</summary>
    public async Task SearchAsync(string words, string role, CancellationToken cancel)
    {
        IReadOnlyList<FoundPerson> whose = words.Length == 0 ? [] : await list.PeopleAsync(words, cancel);
        Found = words.Length == 0 ? null : await search.FindAsync(words, role, cancel);
        FoundPeople = whose;
    }

    public async Task LoadViewsAsync(long operatorId, CancellationToken cancel) => Views = await views.ListAsync(operatorId, cancel);

    public Task MarkAllReadAsync(long operatorId, CancellationToken cancel) => list.MarkAllReadAsync(operatorId, cancel);
}
