using System.Text.Json;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>What the API says about itself to machines.</summary>
public sealed class ApiDescriptionTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    [Fact]
    public async Task Every_call_is_described_with_what_it_takes_and_answers()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);

        var document = await client.JsonAsync("/openapi/v1.json");

        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.");
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => $"{call.Name.ToUpperInvariant()} {path.Name}")).ShouldBe(
        [
            "POST /api/auth/token", "GET /api/admin/metrics/realtime", "GET /api/admin/controls", "POST /api/admin/controls/kill", "POST /api/admin/controls/pause",
            "POST /api/admin/controls/resume", "GET /api/admin/users", "GET /api/admin/users/{id}", "PATCH /api/admin/users/{id}", "GET /api/admin/audit",
            "GET /api/admin/audit/verify",
        ], ignoreOrder: true);
        foreach (var call in Calls(document))
        {
            call.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
            call.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").TryGetProperty("schema", out _).ShouldBeTrue();
            call.GetProperty("responses").GetProperty("401").GetProperty("content").TryGetProperty("application/problem+json", out _).ShouldBeTrue();
            call.GetProperty("security").GetArrayLength().ShouldBe(2);
        }

        var resume = document.GetProperty("paths").GetProperty("/api/admin/controls/resume").GetProperty("post");
        resume.GetProperty("description").GetString().ShouldNotBeNull().ShouldContain("Scope resume; roles Admin, Owner.");
        Fields(document, resume.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema")).ShouldBe(["what", "reason"]);
        var users = document.GetProperty("paths").GetProperty("/api/admin/users").GetProperty("get");
        users.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ShouldBe(["search", "tier", "cursor", "limit"]);
        Fields(document, users.GetProperty("responses").GetProperty("200").GetProperty("content").GetProperty("application/json").GetProperty("schema")).ShouldBe(["items", "nextCursor"]);
    }

    [Fact]
    public async Task Description_is_for_those_who_may_come_in()
    {
        using var stranger = host.Client();
        using var browser = await host.SignedInAsync(OperatorRoles.Viewer);

        await (await stranger.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative))).ProblemAsync(401);
        (await browser.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative))).IsSuccessStatusCode.ShouldBeTrue();
    }

    private static IEnumerable<JsonElement> Calls(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(call => call.Value));

    private static IEnumerable<string> Fields(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            schema = reference.GetString()!.Split('/').Skip(1).Aggregate(document, (at, name) => at.GetProperty(name));
        return schema.GetProperty("properties").EnumerateObject().Select(property => property.Name);
    }
}
