using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Features.Auditing;

namespace SmsAi.Web.Features.ApiKeys;

/// <summary>Makes and ends keys for the operator of this screen, after asking whether she may: a button that shows is no right.</summary>
public sealed class ApiKeyDesk(ApiKeyActs acts, ActingOperator me)
{
    /// <summary>The roles her keys may have, the least first.</summary>
    public async Task<IReadOnlyList<string>> RolesAsync() =>
        [.. OperatorRoles.FromMightiest.Where(role => role != OperatorRoles.Owner).Reverse(), .. (await ActorAsync()).Role == OperatorRoles.Owner ? [OperatorRoles.Owner] : Array.Empty<string>()];

    public async Task<MadeApiKey> CreateAsync(ApiKeyOrder order, CancellationToken cancel) => await acts.CreateAsync(order, await ActorAsync(), cancel);

    public async Task<MadeApiKey?> RotateAsync(string prefix, TimeSpan overlap, CancellationToken cancel) =>
        await acts.RotateAsync(prefix, overlap, await ActorAsync(), cancel);

    public async Task<bool> RevokeAsync(string prefix, string reason, CancellationToken cancel) => await acts.RevokeAsync(prefix, reason, await ActorAsync(), cancel);

    private Task<Actor> ActorAsync() => me.ActorAsync(Rights.CanAdminister);
}
