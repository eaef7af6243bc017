using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Auditing;

/// <summary>The operator of this screen: what she may, and she as the one who acts. Core asks for the right again.</summary>
public sealed class ActingOperator(AuthenticationStateProvider authentication, IAuthorizationService rights, ClientAddress client)
{
    public async Task<bool> MayAsync(string right) =>
        (await rights.AuthorizeAsync((await authentication.GetAuthenticationStateAsync()).User, right)).Succeeded;

    /// <summary>Throws <see cref="UnauthorizedAccessException"/> when the role lacks the right.</summary>
    public async Task<Actor> ActorAsync(string right)
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        if (!(await rights.AuthorizeAsync(person, right)).Succeeded) throw new UnauthorizedAccessException($"The role lacks {right}.");
        return OperatorActor.Of(person, client.Value);
    }
}
