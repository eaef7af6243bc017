namespace SmsAi.Core.Features.Stopping;

/// <summary>What a switch is to become, and the act's word in the audit trail.</summary>
internal sealed record SwitchFlip(string Name, bool IsStopped, DateTimeOffset? Until, string Reason, string? AutoAnswer, string Act)
{
    /// <summary>The scheduled pause that asks for it, if one does.</summary>
    public long? Schedule { get; init; }
}
