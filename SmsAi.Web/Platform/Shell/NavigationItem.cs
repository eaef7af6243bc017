using System.Diagnostics.CodeAnalysis;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Web.Platform.Shell;

/// <summary>One page of the side; each feature adds its own with <c>services.AddPage(…)</c>, so the side lists only pages that exist.</summary>
public sealed record NavigationItem
{
    public required NavigationGroup Group { get; init; }

    /// <summary>Place within the group, smallest first.</summary>
    public required int Order { get; init; }

    public required string Title { get; init; }

    /// <summary>What the bar at the foot of a phone's screen calls it; the title, if nothing else is said.</summary>
    public string? ShortTitle { get; init; }

    /// <summary>Path without a leading slash; empty for the first page.</summary>
    public required string Path { get; init; }

    public required IconName Icon { get; init; }

    /// <summary>The letter that opens the page after G.</summary>
    public string? Key { get; init; }

    /// <summary>Stands in the bar at the foot of a phone's screen, which has room for four; the others are under More.</summary>
    public bool IsInBar { get; init; }

    /// <summary>A component that says at the right how many there are; it draws nothing when there are none.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)]
    public Type? Count { get; init; }

    /// <summary>The right the page asks for; who lacks it does not see the page listed.</summary>
    public string? Policy { get; init; }
}

/// <summary>The groups of the side, in their order.</summary>
public enum NavigationGroup
{
    Live, People, Sending, Answers, Money, Safety, System,
}
