using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Stopping;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Web.Features.Stopping;

/// <summary>Throws the switches for the operator of this screen, after asking whether she may: a button that shows is no right.</summary>
public sealed class SwitchDesk(StopSwitches switches, ActingOperator me)
{
    public Task<bool> MayAsync(string right) => me.MayAsync(right);

    public Task PauseAsync(DateTimeOffset? until, string reason, string? autoAnswer, CancellationToken cancel) =>
        ActAsync(Rights.CanOperate, actor => switches.PauseAsync(until, reason, autoAnswer, actor, cancel));

    public Task StopModelAsync(string reason, CancellationToken cancel) =>
        ActAsync(Rights.CanOperate, actor => switches.StopModelAsync(reason, actor, cancel));

    public Task ResumeAsync(string what, string reason, CancellationToken cancel) =>
        ActAsync(Rights.CanAdminister, actor => switches.ResumeAsync(what, reason, actor, cancel));

    public Task ExplainAsync(long ver, string reason, CancellationToken cancel) =>
        ActAsync(Rights.CanOperate, actor => switches.ExplainAsync(ver, reason, actor, cancel));

    /// <summary>Any act that takes the right to operate, such as a hold.</summary>
    public async Task<T> OperateAsync<T>(Func<Actor, Task<T>> act) => await act(await me.ActorAsync(Rights.CanOperate));

    private async Task ActAsync(string right, Func<Actor, Task> act) => await act(await me.ActorAsync(right));
}
