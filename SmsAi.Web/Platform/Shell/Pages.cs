using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;

namespace SmsAi.Web.Platform.Shell;

/// <summary>The pages that exist and that the signed-in operator may open, in the order of the side.</summary>
public sealed class Pages(IEnumerable<NavigationItem> all, IAuthorizationService authorization)
{
    private readonly NavigationItem[] _all = [.. all.OrderBy(page => page.Group).ThenBy(page => page.Order)];

    public async Task<IReadOnlyList<NavigationItem>> ForAsync(Task<AuthenticationState>? authentication)
    {
        var operatorNow = authentication is null ? new ClaimsPrincipal() : (await authentication).User;
        var open = new List<NavigationItem>(_all.Length);
        foreach (var page in _all)
        {
            if (page.Policy is null || (await authorization.AuthorizeAsync(operatorNow, page.Policy)).Succeeded) open.Add(page);
        }

        return open;
    }
}
