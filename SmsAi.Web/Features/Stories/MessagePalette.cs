using System.Globalization;
using SmsAi.Core.Features.Stories;
using SmsAi.Web.Platform.Shell.Finding;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Features.Stories;

/// <summary>Finds a message for the palette by its number, after #.</summary>
public sealed class MessagePalette(StoryReader stories, BrowserClock clock) : IPaletteSource
{
    public char Sign => '#';

    public async Task<PaletteFound> FindAsync(string typed, bool isAskedAlone, CancellationToken cancel)
    {
        if (!isAskedAlone || !long.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return PaletteFound.Nothing;
        if (await stories.ReadAsync(id, withTexts: false, cancel) is not { } story) return new([], Hint: "There is no message of this number.");
        var who = story.Person.Alias.Length > 0 ? story.Person.Alias : "erased person";
        return new(
        [
            new()
            {
                Group = "Messages",
                Title = "Message " + typed,
                Detail = $"{who}, {StateWords.Of(story.Asked.State).Word.ToLowerInvariant()}, {clock.Text(story.Asked.At, TimeShape.DayMinute)}",
                Icon = IconName.Messages,
                Href = string.Create(CultureInfo.InvariantCulture, $"messages/{id}"),
            },
        ]);
    }
}
