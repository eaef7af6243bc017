using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stories;

namespace SmsAi.Web.Features.Stories;

/// <summary>One message's story with what may be done about it, and the way to the stories beside it.</summary>
public sealed class MessageModel(StoryReader reader, StoryNeighbours neighbours, StoryReplay replay, MessageMarks marks)
{
    private static readonly string[] Ends =
        ["delivered", "read", "undelivered", "failed", "partly_delivered", "cancelled", "ignored", "stale", "opted_out", "blocked", "dead_letter", "needs_person"];

    private int _asked;
    private int _shown;

    /// <summary>Null before the first reading, and when there is no such message.</summary>
    public MessageStory? Story { get; private set; }

    public bool IsMissing { get; private set; }

    public Neighbours Beside { get; private set; } = new(null, null);

    /// <summary>The dead letter it ended as, still open.</summary>
    public long? DeadLetter { get; private set; }

    /// <summary>Somebody marked one of its messages as an error.</summary>
    public MessageMark? Mark { get; private set; }

    /// <summary>Nothing more happens to it by itself.</summary>
    public bool IsOver => Story is { } story && Ends.Contains((story.Outbound ?? story.Asked).State);

    public async Task LoadAsync(long message, bool withTexts, CancellationToken cancel)
    {
        var turn = ++_asked;
        var story = await reader.ReadAsync(message, withTexts, cancel);
        var beside = story is null ? Beside : await neighbours.ReadAsync(story, cancel);
        var deadLetter = story is null ? null : await replay.FindAsync(story, cancel);
        var mark = story is null ? null : (await marks.FindAsync(story, withTexts, cancel))?.Mark;
        // Of two readings at once the one that began later knows more, whichever ends first.
        if (turn < _shown) return;
        (_shown, Story, IsMissing, Beside, DeadLetter, Mark) = (turn, story, story is null, beside, deadLetter, mark);
    }

    /// <summary>False when somebody was faster.</summary>
    public async Task<bool> ReplayAsync(Actor actor, CancellationToken cancel) =>
        DeadLetter is { } deadLetter && await replay.ReplayAsync(deadLetter, actor, cancel);
}
