using System.Globalization;
using System.Net;
using System.Text;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.Stopping;

/// <summary>The switches as programs throw them.</summary>
public sealed class ControlsApiTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Controls = "/api/admin/controls";

    [Fact]
    public async Task Kill_answers_with_the_counted_receipt_and_an_admins_key_resumes_with_a_reason()
    {
        using var operators = await host.WithKeyAsync(OperatorRoles.Operator);
        using var admin = await host.WithKeyAsync(OperatorRoles.Admin);

        var receipt = await (await operators.PostAsync(Controls + "/kill", """{"reason":"Wrong persona"}""")).JsonAsync();

        receipt.GetProperty("what").GetString().ShouldBe("kill");
        receipt.GetProperty("stopped").GetBoolean().ShouldBeTrue();
        receipt.GetProperty("reason").GetString().ShouldBe("Wrong persona");
        receipt.GetProperty("by").GetString().ShouldNotBeNull().ShouldStartWith("API key test Operator (");
        receipt.GetProperty("replicasConfirmed").GetInt32().ShouldBe(1);
        receipt.GetProperty("replicasExpected").GetInt32().ShouldBe(1);
        receipt.GetProperty("sentSince").GetInt32().ShouldBe(0);
        receipt.GetProperty("tookMs").GetInt32().ShouldBeLessThan(2000);
        var now = await operators.JsonAsync(Controls);
        now.GetProperty("state").GetString().ShouldBe("killed");
        now.GetProperty("kill").GetProperty("stopped").GetBoolean().ShouldBeTrue();
        now.GetProperty("receipt").GetProperty("ver").GetInt64().ShouldBe(receipt.GetProperty("ver").GetInt64());
        (await host.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeTrue();

        (await (await operators.PostAsync(Controls + "/resume", """{"reason":"x"}""")).ProblemAsync(403)).GetProperty("detail").GetString()
            .ShouldBe("This needs a key of role Admin, Owner with the scope resume.");
        (await (await admin.PostAsync(Controls + "/resume", "{}")).FaultAsync("reason")).ShouldStartWith("Say what changed since the stop");
        await (await admin.PostAsync(Controls + "/resume", """{"reason":"Persona mended"}""")).JsonAsync();
        (await host.Database.ScalarAsync<bool>("select stopped from controls where name = 'kill'")).ShouldBeFalse();
        (await host.Database.ListAsync<string>("select action || ' ' || role || ' ' || (metadata ->> 'reason') from audit where resource = 'switch:kill' and metadata ->> 'reason' in ('Wrong persona', 'Persona mended') order by id"))
            .ShouldBe(["service.stop_all Operator Wrong persona", "service.resume Admin Persona mended"]);
        (await host.Database.ListAsync<string>("select resource from audit where action = 'access.denied'")).ShouldContain("api:POST /api/admin/controls/resume");
    }

    [Fact]
    public async Task Kill_needs_no_body()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        (await (await client.PostAsync(new Uri(Controls + "/kill", UriKind.Relative), null)).JsonAsync()).GetProperty("stopped").GetBoolean().ShouldBeTrue();

        using var admin = await host.WithKeyAsync(OperatorRoles.Admin);
        await (await admin.PostAsync(Controls + "/resume", """{"what":"kill","reason":"test"}""")).JsonAsync();
    }

    [Fact]
    public async Task Pause_holds_until_its_time_and_its_end_lifts_no_stop()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Admin);
        var until = DateTimeOffset.UtcNow.AddHours(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        await (await client.PostAsync(Controls + "/pause", $$"""{"reason":"Lunch","until":"{{until}}"}""")).JsonAsync();

        var now = await client.JsonAsync(Controls);
        now.GetProperty("state").GetString().ShouldBe("paused");
        now.GetProperty("pause").GetProperty("until").GetDateTimeOffset().ShouldBe(DateTimeOffset.Parse(until, CultureInfo.InvariantCulture));
        await (await client.PostAsync(Controls + "/kill", "{}")).JsonAsync();
        await (await client.PostAsync(Controls + "/resume", """{"what":"pause","reason":"over"}""")).JsonAsync();
        (await client.JsonAsync(Controls)).GetProperty("state").GetString().ShouldBe("killed");
        await (await client.PostAsync(Controls + "/resume", """{"reason":"over"}""")).JsonAsync();
        (await client.JsonAsync(Controls)).GetProperty("state").GetString().ShouldBe("live");
    }

    [Theory]
    [InlineData("""{"until":"2020-01-01T00:00:00Z"}""", "until", "2020-01-01T00:00:00Z is already past. Give a time after ")]
    [InlineData("""{"until":"2020-01-01T00:00:00"}""", "until", "A time with its zone")]
    [InlineData("""{"until":5}""", "until", "A time with its zone")]
    [InlineData("""{"reason":5}""", "reason", "A text in quotes.")]
    [InlineData("""{"untl":"2030-01-01T00:00:00Z"}""", "untl", "There is no such field here. There are reason, until.")]
    [InlineData("""{"stopped":false,"role":"Owner"}""", "role", "There is no such field here.")]
    public async Task Wrong_field_is_named_with_the_way_out_and_nothing_is_paused(string json, string field, string words)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        (await (await client.PostAsync(Controls + "/pause", json)).FaultAsync(field)).ShouldStartWith(words);

        (await client.JsonAsync(Controls)).GetProperty("pause").GetProperty("stopped").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"reason":"x""", "application/json", 400)]
    [InlineData("[]", "application/json", 400)]
    [InlineData("null", "application/json", 400)]
    [InlineData("""{"reason":"a","reason":"b"}""", "application/json", 400)]
    [InlineData("""{"reason":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""", "application/json", 400)]
    [InlineData("reason=x", "application/x-www-form-urlencoded", 415)]
    [InlineData("""{"reason":"x"}""", "text/plain", 415)]
    public async Task Body_that_cannot_be_read_is_refused_and_nothing_is_stopped(string body, string type, int status)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        using var answer = await client.PostAsync(new Uri(Controls + "/kill", UriKind.Relative), new StringContent(body, Encoding.UTF8, type));

        await answer.ProblemAsync(status);
        (await client.JsonAsync(Controls)).GetProperty("kill").GetProperty("stopped").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Body_that_is_too_long_is_refused()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        using var answer = await client.PostAsync(Controls + "/kill", $$"""{"reason":"{{new string('x', 16 * 1024)}}"}""");

        await answer.ProblemAsync(413);
        (await (await client.PostAsync(Controls + "/kill", $$"""{"reason":"{{new string('x', 401)}}"}""")).FaultAsync("reason")).ShouldBe("At most 400 characters; these are 401.");
        (await client.JsonAsync(Controls)).GetProperty("kill").GetProperty("stopped").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Scope_that_was_left_out_is_missing_whatever_the_role()
    {
        using var reader = await host.WithKeyAsync(OperatorRoles.Admin, Scopes.Read);
        using var stopper = await host.WithKeyAsync(OperatorRoles.Admin, Scopes.Stop);

        (await reader.PostAsync(Controls + "/kill", "{}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await stopper.GetAsync(new Uri(Controls, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await stopper.PostAsync(Controls + "/resume", """{"reason":"x"}""")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }
}
