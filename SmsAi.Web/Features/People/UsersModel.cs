using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.People;

/// <summary>One page of people with how many match, and the search for a number.</summary>
public sealed class UsersModel(PeopleList list, BrowserClock clock)
{
    public const int PageSize = 50;

    private PeopleFilter? _counted;
    private int _asked;
    private int _shown;

    public UsersQuery Query { get; private set; } = new();

    /// <summary>Null before the first reading.</summary>
    public PeoplePage? Page { get; private set; }

    public PeopleCount? Count { get; private set; }

    /// <summary>Everybody there is, whatever the filter.</summary>
    public PeopleCount? Everybody { get; private set; }

    public IReadOnlyList<string> Tiers { get; private set; } = [];

    /// <summary>The tags in use, the commonest first; null before they were read.</summary>
    public IReadOnlyList<string>? Tags { get; private set; }

    public async Task LoadAsync(UsersQuery query, CancellationToken cancel)
    {
        var turn = ++_asked;
        var filter = query.ToFilter(clock);
        var page = await list.ReadAsync(filter, query.Order, query.IsDescending, query.Place, PageSize, cancel);
        // Of two readings at once the one that began later knows more, whichever ends first.
        if (turn < _shown) return;
        (_shown, Query, Page) = (turn, query, page);
        if (_counted != filter)
            (_counted, Count) = (filter, null);
    }

    /// <summary>After the page is shown: counting may take longer than reading it.</summary>
    public async Task CountAsync(CancellationToken cancel)
    {
        Everybody ??= await list.CountAsync(new PeopleFilter(), cancel);
        if (Tiers.Count == 0)
            Tiers = await list.TiersAsync(cancel);
        Tags = await list.TagsAsync(cancel);
        if (_counted is { } filter && Count is null)
        {
            var count = filter.IsEmpty ? Everybody : await list.CountAsync(filter, cancel);
            if (_counted == filter) Count = count;
        }
    }

    /// <summary>The person with this number, if it is one and somebody has it.</summary>
    public async Task<long?> FindAsync(PhoneNumber number, CancellationToken cancel) => await list.FindAsync(number, cancel);
}
