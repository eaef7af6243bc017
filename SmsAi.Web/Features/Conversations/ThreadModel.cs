using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Limits;

namespace SmsAi.Web.Features.Conversations;

/// <summary>The open conversation: its head, the messages loaded so far, and the person.</summary>
public sealed class ThreadModel(ConversationReader reader, PersonReader people, InboxList inbox)
{
    public const int PageSize = 40;

    private const int PagesBack = 12;

    private List<ThreadLine> _older = [];
    private bool _isWantedHere;

    /// <summary>Null while nothing is open, before the first reading, and when there is no such conversation.</summary>
    public ConversationHead? Head { get; private set; }

    public bool IsMissing { get; private set; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ThreadLine> Lines { get; private set; } = [];

    public bool HasOlder { get; private set; }

    public PersonProfile? Person { get; private set; }

    public IReadOnlyList<LimitLine> Limits { get; private set; } = [];

    /// <summary>Who answered from when, oldest first.</summary>
    public IReadOnlyList<ThreadTurn> Turns { get; private set; } = [];

    /// <summary>What the AI would say, while a person has the conversation.</summary>
    public Suggestion? Suggestion { get; private set; }

    /// <summary>The newest position that is shown.</summary>
    public long SeenUpTo => Lines.Select(line => line.Position).DefaultIfEmpty().Max();

    /// <summary>The open conversation; another one begins anew.</summary>
    public long? Id { get; private set; }

    /// <summary>The position this operator has read up to here.</summary>
    public long ReadUpTo { get; private set; }

    /// <summary>The message that was looked for; the thread is read back to it, if it isn't too far.</summary>
    public long? Wanted { get; private set; }

    public void Open(long? id, long? wanted = null)
    {
        _isWantedHere = _isWantedHere && Wanted == wanted && Id == id;
        Wanted = wanted;
        if (Id == id) return;
        (Id, Head, IsMissing, Person, HasOlder, ReadUpTo) = (id, null, false, null, false, 0);
        (Lines, _older, Limits, Turns, Suggestion) = ([], [], [], [], null);
    }

    /// <summary>Reads the newest page again and marks it read for this operator. The caller checks the right to read texts.</summary>
    public async Task LoadAsync(long? operatorId, bool withTexts, CancellationToken cancel)
    {
        if (Id is not { } id) return;
        var head = await reader.HeadAsync(id, cancel);
        var window = head is null ? new([], false) : await reader.ReadAsync(id, null, PageSize, withTexts, cancel);
        var turns = window.Lines is [] ? [] : await reader.TurnsAsync(id, (_older is [var oldest, ..] ? oldest : window.Lines[0]).Position, cancel);
        var suggestion = head?.Holder is null ? null : await reader.SuggestionAsync(id, withTexts, cancel);
        if (Id != id) return;
        if (Head is null && head is not null)
            await LoadPersonAsync(head.Person, cancel);
        if (Id != id) return;
        (Head, IsMissing, Turns, Suggestion) = (head, head is null, turns, suggestion);
        Take(window);
        await MarkReadAsync(operatorId, id, cancel);
        if (Wanted is { } wanted && !_isWantedHere)
            await GoBackToAsync(wanted, withTexts, cancel);
    }

    /// <summary>What changed hands right before a message; behind the last one for the index after it.</summary>
    public IEnumerable<ThreadTurn> TurnsBefore(int index)
    {
        var from = index == 0 ? long.MinValue : Lines[index - 1].Position;
        var until = index == Lines.Count ? long.MaxValue : Lines[index].Position;
        return Turns.Where(turn => turn.Position > from && turn.Position <= until);
    }

    public async Task LoadPersonAsync(long person, CancellationToken cancel)
    {
        var profile = await people.ReadAsync(person, cancel);
        var limits = profile is null ? [] : await people.LimitsAsync(profile, cancel);
        (Person, Limits) = (profile, limits);
    }

    public async Task OlderAsync(bool withTexts, CancellationToken cancel)
    {
        if (Id is not { } id || !HasOlder || Lines is not [var first, ..]) return;
        var window = await reader.ReadAsync(id, first.Cursor, PageSize, withTexts, cancel);
        if (Id != id || Lines is not [var now, ..] || now.Id != first.Id) return;
        _older = [.. window.Lines, .. _older];
        Lines = [.. window.Lines, .. Lines];
        HasOlder = window.HasOlder;
    }

    private async Task GoBackToAsync(long wanted, bool withTexts, CancellationToken cancel)
    {
        _isWantedHere = true;
        for (var page = 0; page < PagesBack && HasOlder && Wanted == wanted && Lines.All(line => line.Id != wanted); page++)
            await OlderAsync(withTexts, cancel);
    }

    // What was loaded before the newest page stays; where nothing was, the page says whether there is more.
    private void Take(ThreadWindow window)
    {
        if (window.Lines is [var first, ..])
        {
            _older = [.. Lines.Where(line => (line.At, line.Id).CompareTo((first.At, first.Id)) < 0)];
            if (_older.Count > 0 && !Touches(window)) _older = [];
        }

        if (_older.Count == 0) HasOlder = window.HasOlder;
        Lines = [.. _older, .. window.Lines];
    }

    // After a long absence a gap would lie between what was loaded and the newest page.
    private bool Touches(ThreadWindow window) => Lines.Any(line => window.Lines.Any(shown => shown.Id == line.Id));

    private async Task MarkReadAsync(long? operatorId, long id, CancellationToken cancel)
    {
        var newest = Lines.LastOrDefault(line => line.IsInbound)?.Position ?? 0;
        if (operatorId is not { } reader || newest <= ReadUpTo) return;
        await inbox.MarkReadAsync(reader, id, newest, cancel);
        ReadUpTo = newest;
    }
}
