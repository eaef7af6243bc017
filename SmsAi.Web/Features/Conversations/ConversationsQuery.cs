using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Stories;

namespace SmsAi.Web.Features.Conversations;

/// <summary>What the inbox's address says: which conversations, which one is open, and which pane a phone shows. Never a word of a text.</summary>
public sealed record ConversationsQuery
{
    /// <summary>The open conversation.</summary>
    public long? Open { get; init; }

    public string? Show { get; init; }

    public string? Tier { get; init; }

    public string? Channel { get; init; }

    public MessageCursor? Before { get; init; }

    public MessageCursor? After { get; init; }

    /// <summary>A message of the open conversation that was looked for.</summary>
    public long? Message { get; init; }

    /// <summary>On a phone the facts about the person stand before the thread.</summary>
    public bool ShowsPerson { get; init; }

    public bool HasFilters => (Show, Tier, Channel) != (null, null, null);

    public static IReadOnlyList<KeyValuePair<string, string>> Shows { get; } =
        [new("unread", "Unread"), new("needs", "Needs a person"), new("taken", "With a person"), new("waiting", "Waiting")];

    public static IReadOnlyList<KeyValuePair<string, string>> Channels { get; } = [new("sms", "SMS"), new("whatsapp", "WhatsApp")];

    public string Href => ToString();

    public ConversationsQuery To(long? conversation) => this with { Open = conversation, Message = null, ShowsPerson = false };

    /// <summary>Another choice begins at its first page.</summary>
    public ConversationsQuery With(string? show, string? tier, string? channel) =>
        this with { Show = show, Tier = tier, Channel = channel, Before = null, After = null };

    /// <summary>What a view keeps: the filters, and nothing of what is open.</summary>
    public string Filters => QueryHelpers.AddQueryString("", new Dictionary<string, string?> { ["show"] = Show, ["tier"] = Tier, ["channel"] = Channel }
        .Where(pair => pair.Value is not null).ToDictionary());

    public InboxFilter ToFilter(long? operatorId) => new()
    {
        Operator = operatorId,
        Show = Show switch { "unread" => InboxShow.Unread, "needs" => InboxShow.NeedsPerson, "taken" => InboxShow.Taken, "waiting" => InboxShow.Waiting, _ => InboxShow.All },
        Tier = Tier,
        Channel = Channels.Any(choice => choice.Key == Channel) ? Channel : null,
    };

    public override string ToString() => QueryHelpers.AddQueryString(
        Open is { } open ? string.Create(CultureInfo.InvariantCulture, $"conversations/{open}") : "conversations",
        new Dictionary<string, string?>
        {
            ["show"] = Show,
            ["tier"] = Tier,
            ["channel"] = Channel,
            ["before"] = Before?.ToString(),
            ["after"] = After?.ToString(),
            ["message"] = Message?.ToString(CultureInfo.InvariantCulture),
            ["panel"] = ShowsPerson ? "person" : null,
        }.Where(pair => pair.Value is not null).ToDictionary());
}
