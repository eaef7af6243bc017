using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Platform.Shell;

/// <summary>The side lists the pages that exist and that the operator may open, in their groups.</summary>
public sealed class PagesTests
{
    [Fact]
    public async Task Pages_stand_in_the_order_of_their_groups()
    {
        var pages = await PagesOf(OperatorRoles.Owner,
            Page(NavigationGroup.System, 1, "System check"), Page(NavigationGroup.Live, 2, "Phone"), Page(NavigationGroup.Live, 1, "Overview"));

        pages.ShouldBe(["Overview", "Phone", "System check"]);
    }

    [Fact]
    public async Task Page_the_role_may_not_open_is_not_listed()
    {
        NavigationItem[] all = [Page(NavigationGroup.Live, 1, "Overview"), Page(NavigationGroup.System, 1, "Access", Rights.CanAdminister)];

        (await PagesOf(OperatorRoles.Viewer, all)).ShouldBe(["Overview"]);
        (await PagesOf(OperatorRoles.Admin, all)).ShouldBe(["Overview", "Access"]);
    }

    private static async Task<IEnumerable<string>> PagesOf(string role, params NavigationItem[] all)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddAuthorizationCore(options =>
        {
            foreach (var (right, roles) in Rights.Roles) options.AddPolicy(right, policy => policy.RequireRole(roles));
        });
        await using var provider = services.BuildServiceProvider();
        var person = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)], "test"));
        var pages = new Pages(all, provider.GetRequiredService<IAuthorizationService>());
        return (await pages.ForAsync(Task.FromResult(new AuthenticationState(person)))).Select(page => page.Title);
    }

    private static NavigationItem Page(NavigationGroup group, int order, string title, string? policy = null) =>
        new() { Group = group, Order = order, Title = title, Path = title, Icon = IconName.Overview, Policy = policy };
}
