using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Shell;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Whose role asks for a second factor and who has none yet: nothing opens but the own account.</summary>
public sealed partial class EnrolFirstTests(EnrolFirstTests.DemandingHost host) : IClassFixture<EnrolFirstTests.DemandingHost>
{
    [Fact]
    public async Task Nothing_opens_but_the_own_account()
    {
        using var owner = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = host.Address };
        owner.DefaultRequestHeaders.Add("Accept", "text/html");
        await Operators.AddAsync(host.Database, "owner@example.org", OperatorRoles.Owner);
        await ConsoleHost.SignInAsync(owner, "owner@example.org", Operators.Password);
        List<string> open = [];
        var asked = 0;

        foreach (var route in host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(IsMore))
        {
            asked++;
            var path = Hole().Replace("/" + route.RoutePattern.RawText!.Trim('/'), hole => hole.Value.StartsWith("{format", StringComparison.Ordinal) ? "csv" : "1");
            using var answer = await owner.GetAsync(path);
            var isShut = answer.StatusCode == HttpStatusCode.Forbidden || (answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.OriginalString == "/account");
            if (!isShut) open.Add($"{path}: {(int)answer.StatusCode} {answer.Headers.Location}");
        }

        open.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(30);
        (await owner.GetAsync("/account")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await owner.PostAsync("/stop-all", new FormUrlEncodedContent(await ConsoleHost.FieldsAsync(owner, "/account")))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    /// <summary>Reading pages and the API, beyond the own account.</summary>
    private static bool IsMore(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAllowAnonymous>() is null
        && route.Metadata.OfType<IAuthorizeData>().Any(said => said.Policy is not (null or Rights.OwnAccount))
        && (route.Metadata.GetMetadata<ComponentTypeMetadata>() is not null || route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET") == true);

    [GeneratedRegex(@"\{[^/]+\}")]
    private static partial Regex Hole();

    /// <summary>The program where owners must have a second factor.</summary>
    public sealed class DemandingHost : ProgramHost
    {
        protected override ValueTask<string[]> MoreAsync() => ValueTask.FromResult<string[]>(["--Access:SecondFactorRoles:0=Owner"]);
    }
}
