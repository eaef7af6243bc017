using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Platform.Shell;

/// <summary>Where a feature may put a component of its own into what another draws.</summary>
public enum SlotPlace
{
    /// <summary>The right end of the rail; the last one is Stop all.</summary>
    Rail,

    /// <summary>Among the facts of a live service, such as its speed.</summary>
    RailFacts,

    /// <summary>The top of the overview: what is stopped or paused, before any figure.</summary>
    OverviewTop,

    /// <summary>Under More, on a phone.</summary>
    MoreSheet,

    /// <summary>Beside an open line of the audit trail, which comes as a cascading value.</summary>
    AuditLine,
}

/// <summary>A feature's component in a place of the shell. It gets the <see cref="RailModel"/> as a cascading value.</summary>
public sealed record Slot(SlotPlace Place, [property: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type Component)
{
    public static Slot Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>(SlotPlace place)
        where T : IComponent => new(place, typeof(T));
}
