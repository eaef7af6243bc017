using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell.Finding;

/// <summary>Something an operator can do from any page; each feature adds its own with <c>services.AddPaletteAct(…)</c>.</summary>
public sealed record PaletteAct
{
    /// <summary>The verb, with … when more is asked first.</summary>
    public required string Title { get; init; }

    public required string Detail { get; init; }

    public required IconName Icon { get; init; }

    /// <summary>Other words it is found by.</summary>
    public string Also { get; init; } = "";

    public NavigationGroup Group { get; init; } = NavigationGroup.Safety;

    /// <summary>The right it asks for; who lacks it doesn't see it.</summary>
    public string? Policy { get; init; }

    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Stands in the palette whatever is typed.</summary>
    public bool IsAlwaysThere { get; init; }

    /// <summary>In which states of the service it makes sense.</summary>
    public Func<RailModel, bool> Fits { get; init; } = _ => true;

    /// <summary>The control of the page it presses, as a selector; otherwise <see cref="Run"/>.</summary>
    public string? Press { get; init; }

    /// <summary>Does it, with the services of the operator's screen.</summary>
    public Func<IServiceProvider, Task> Run { get; init; } = _ => Task.CompletedTask;
}

/// <summary>Something that can be done to the person the palette found first; features add theirs with <c>services.AddPalettePersonAct(…)</c>.</summary>
public sealed record PalettePersonAct
{
    public required string Title { get; init; }

    public string? Detail { get; init; }

    public required IconName Icon { get; init; }

    public string? Policy { get; init; }

    /// <summary>Where it leads, by the person's id; otherwise <see cref="Run"/>.</summary>
    public Func<long, string>? Href { get; init; }

    public Func<IServiceProvider, long, Task> Run { get; init; } = (_, _) => Task.CompletedTask;
}
