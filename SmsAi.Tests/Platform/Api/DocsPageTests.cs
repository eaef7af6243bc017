using Bunit;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;
using SmsAi.Web.Platform.Api;

namespace SmsAi.Tests.Platform.Api;

/// <summary>The API's page as somebody reads it who is about to write a program.</summary>
public sealed class DocsPageTests(ProgramHost host) : BunitContext, IClassFixture<ProgramHost>
{
    [Fact]
    public void Each_call_stands_with_what_it_takes_answers_and_refuses()
    {
        var person = this.AddAuthorization();
        person.SetAuthorized("Vera");
        person.SetPolicies(Rights.CanRead);
        Services.AddKeyedSingleton(ApiDescription.Document, host.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(ApiDescription.Document));

        var page = Render<DocsPage>();

        page.WaitForAssertion(() => page.FindAll("details").Count.ShouldBe(11), BunitContext.DefaultWaitTimeout);
        page.FindAll("h2").Select(head => head.TextContent).Take(5).ShouldBe(["Auth", "Metrics", "Controls", "Users", "Audit"]);
        var resume = page.FindAll("details").Single(call => call.QuerySelector(".path")!.TextContent.EndsWith("/resume", StringComparison.Ordinal));
        resume.TextContent.ShouldContain("Scope resume; roles Admin, Owner.");
        resume.QuerySelector("pre")!.TextContent.ShouldContain("""-d '{"what":"kill","reason":"Why"}' $SMSAI/api/admin/controls/resume""");
        resume.QuerySelectorAll(".values")[0].QuerySelectorAll("code").Select(name => name.TextContent).ShouldBe(["Idempotency-Key", "what", "reason"]);
        resume.QuerySelectorAll(".values")[1].QuerySelectorAll("code").Select(name => name.TextContent).ShouldContain("replicasConfirmed");
        resume.QuerySelectorAll("dt").Select(status => status.TextContent).ShouldBe(["400", "401", "403", "409", "422", "429", "503"]);
        resume.QuerySelectorAll("a").ShouldBeEmpty("what changes something is not a link");
        page.FindAll("a[href='api-keys']").ShouldBeEmpty("she may make none");
    }
}
