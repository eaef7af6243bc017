using SmsAi.Core.Features.Stories;

namespace SmsAi.Web.Features.Stories;

/// <summary>A page of the list of messages, and the texts for those who chose to see them.</summary>
public sealed class MessagesModel(MessageList list)
{
    public const int PageSize = 50;

    /// <summary>Null before the first reading.</summary>
    public MessageWindow? Window { get; private set; }

    public bool ShowsBodies { get; private set; }

    public IReadOnlyDictionary<long, string> Bodies { get; private set; } = new Dictionary<long, string>();

    public async Task LoadAsync(MessageFilter filter, MessageCursor? before, MessageCursor? after, CancellationToken cancel)
    {
        var window = await list.ReadAsync(filter, before, after, PageSize, cancel);
        // Back at the top, and less than a page there: the newest, then, as if nobody had paged.
        if (after is not null && !window.HasNewer && window.Messages.Count < PageSize)
            window = await list.ReadAsync(filter, null, null, PageSize, cancel);
        Window = window;
        await ReadBodiesAsync(cancel);
    }

    /// <summary>The caller checks the right.</summary>
    public Task ShowBodiesAsync(bool shows, CancellationToken cancel)
    {
        ShowsBodies = shows;
        return ReadBodiesAsync(cancel);
    }

    private async Task ReadBodiesAsync(CancellationToken cancel) => Bodies = ShowsBodies && Window is { } window
        ? await list.ReadBodiesAsync([.. window.Messages.Select(message => message.Id)], cancel)
        : new Dictionary<long, string>();
}
