using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using SmsAi.Core.Features.Auditing;
using SmsAi.Web.Platform.Shell;

namespace SmsAi.Web.Features.Auditing;

/// <summary>The operator of this screen: what she may, and she as the one who acts. Core asks for the right again.</summary>
public sealed class ActingOperator(AuthenticationStateProvider authentication, IAuthorizationService rights, ClientAddress client, Denials denials)
{
    public async Task<bool> MayAsync(string right) =>
        (await rights.AuthorizeAsync((await authentication.GetAuthenticationStateAsync()).User, right)).Succeeded;

    /// <summary>Throws <see cref="UnauthorizedAccessException"/> when the role lacks the right; that she was denied stands in the trail then.</summary>
    public async Task<Actor> ActorAsync(string right)
    {
        var person = (await authentication.GetAuthenticationStateAsync()).User;
        var actor = OperatorActor.Of(person, client.Value);
        if ((await rights.AuthorizeAsync(person, right)).Succeeded) return actor;
        if (person.Identity?.IsAuthenticated == true) await denials.NoteAsync(actor, "right:" + right, CancellationToken.None);
        throw new UnauthorizedAccessException($"The role lacks {right}.");
    }
}
