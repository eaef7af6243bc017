using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Platform.Access;

namespace SmsAi.Core.Features.Phone;

/// <summary>What the sandbox's carrier does wrong for one handset, switched one by one.</summary>
public sealed class HandsetFaults(SandboxState sandbox)
{
    public async Task<SandboxFault> OfAsync(TestNumber handset, CancellationToken cancel) =>
        (await sandbox.CurrentAsync(cancel)).Numbers.GetValueOrDefault(handset.Canonical);

    public async Task SwitchAsync(TestNumber handset, SandboxFault fault, bool isOn, Actor actor, CancellationToken cancel)
    {
        if (!Rights.Roles[Rights.CanOperate].Contains(actor.Role))
            throw new UnauthorizedAccessException("Making the carrier fail needs the right to operate.");
        var now = await OfAsync(handset, cancel);
        await sandbox.SetFaultsAsync(handset.Canonical, isOn ? now | fault : now & ~fault, cancel);
    }
}
