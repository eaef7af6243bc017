using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;

namespace SmsAi.Web.Platform.Shell;

/// <summary>A component that a feature puts at the right end of the rail, such as Pause and Stop all; it gets the <see cref="RailModel"/> as a cascading value.</summary>
public sealed record RailSlot([property: DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type Component)
{
    public static RailSlot Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] T>() where T : IComponent => new(typeof(T));
}
