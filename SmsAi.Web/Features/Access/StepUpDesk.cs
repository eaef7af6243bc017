using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Access;
using SmsAi.Web.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Access;

/// <summary>Shows a second factor for the session of this screen.</summary>
public sealed class StepUpDesk(SecondFactors factors, AuthenticationStateProvider authentication, ClientAddress client)
{
    public async Task<CodeVerdict> ShowAsync(string code, CancellationToken cancel) =>
        await factors.StepUpAsync(code, OperatorActor.Of((await authentication.GetAuthenticationStateAsync()).User, client.Value), cancel);
}
