using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>One line of the palette: a place to go to, a control of the page that is pressed, or something that is done.</summary>
public sealed record PaletteItem
{
    /// <summary>The heading it stands under.</summary>
    public required string Group { get; init; }

    public required string Title { get; init; }

    /// <summary>A person's last two digits.</summary>
    public string? Digits { get; init; }

    public string? Detail { get; init; }

    public required IconName Icon { get; init; }

    /// <summary>Where it leads, without a leading slash.</summary>
    public string? Href { get; init; }

    /// <summary>The control of the page it presses, as a selector; works without the circuit too.</summary>
    public string? Press { get; init; }

    public Func<Task>? Run { get; init; }

    public IReadOnlyList<string> Keys { get; init; } = [];

    internal string Id => $"{Group}/{Title}/{Href}";
}
