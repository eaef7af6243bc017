using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>Shows a second factor for the session of this screen.</summary>
public sealed class StepUpDesk(SecondFactors factors, Passkeys passkeys, AuthenticationStateProvider authentication, ClientAddress client)
{
    public async Task<CodeVerdict> ShowAsync(string code, CancellationToken cancel) => await factors.StepUpAsync(code, await MeAsync(), cancel);

    public async Task<bool> HasPasskeyAsync(CancellationToken cancel) => (await passkeys.OfAsync((await MeAsync()).Id ?? 0, cancel)).Count > 0;

    private async Task<Actor> MeAsync() => OperatorActor.Of((await authentication.GetAuthenticationStateAsync()).User, client.Value);
}
