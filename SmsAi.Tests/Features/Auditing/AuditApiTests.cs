using System.Globalization;
using System.Net;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail as programs read and verify it.</summary>
public sealed class AuditApiTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Audit = "/api/admin/audit";

    [Fact]
    public async Task Rows_come_newest_first_by_filter_and_cursor()
    {
        for (var number = 0; number < 7; number++)
            await host.Database.AppendAsync($"page.act{number}", "service");
        await host.Database.AppendAsync("page.other", "service", actor: HandTrail.Auditor with { Name = "Nadia" });
        using var client = await host.WithKeyAsync(OperatorRoles.Auditor);
        List<string> seen = [];

        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.JsonAsync($"{Audit}?from={DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}&limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("action").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        seen.Where(action => action.StartsWith("page.", StringComparison.Ordinal))
            .ShouldBe(["page.other", "page.act6", "page.act5", "page.act4", "page.act3", "page.act2", "page.act1", "page.act0"]);
        var hers = await client.JsonAsync($"{Audit}?actor=Nadia&action=page.other");
        var row = hers.GetProperty("items").EnumerateArray().Single();
        row.GetProperty("hash").GetString().ShouldNotBeNull().ShouldMatch("^[0-9a-f]{64}$");
        hers.GetProperty("nextCursor").GetString().ShouldBeNull();
    }

    [Fact]
    public async Task Verify_says_the_chain_is_whole_and_stands_in_the_trail()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Auditor);
        await host.Database.AppendAsync("test.act", "service");

        var verdict = await client.JsonAsync(Audit + "/verify");

        verdict.GetProperty("whole").GetBoolean().ShouldBeTrue();
        verdict.GetProperty("rows").GetInt64().ShouldBeGreaterThan(0);
        verdict.GetProperty("headHash").GetString().ShouldBe(await host.Database.ScalarAsync<string>("select encode(hash, 'hex') from audit where id = $1", verdict.GetProperty("headRow").GetInt64()));
        (await client.JsonAsync($"{Audit}?action=audit.verify&limit=1")).GetProperty("items")[0].GetProperty("actor").GetString().ShouldNotBeNull().ShouldStartWith("API key test Auditor (");
    }

    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("cross-site", true)]
    [InlineData("same-site", false)]
    [InlineData("same-site", true)]
    [InlineData("same-origin", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", false)]
    [InlineData("none", true)]
    public async Task Link_from_another_site_does_nothing_by_the_session_it_brings(string from, bool exports)
    {
        var (path, act, refused) = exports ? ("/audit/export.csv", "audit.export", HttpStatusCode.Forbidden) : (Audit + "/verify", "audit.verify", HttpStatusCode.Unauthorized);
        var isOurs = from is "same-origin" or "none";
        using var browser = await host.SignedInAsync(OperatorRoles.Auditor);
        browser.DefaultRequestHeaders.Remove("Accept");
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", from);
        var before = await host.Database.ScalarAsync<long>("select count(*) from audit where action = $1", act);

        using var answer = await browser.GetAsync(path);

        answer.StatusCode.ShouldBe(isOurs ? HttpStatusCode.OK : refused);
        (await host.Database.ScalarAsync<long>("select count(*) from audit where action = $1", act)).ShouldBe(before + (isOurs ? 1 : 0));
    }

    [Theory]
    [InlineData("from=yesterday", "from", "A time with its zone")]
    [InlineData("cursor=eyJ9", "cursor", "This is no cursor of this list.")]
    [InlineData("user=1", "user", "There is no such field here.")]
    public async Task Wrong_parameter_is_named(string query, string field, string words)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Auditor);

        (await (await client.GetAsync(new Uri($"{Audit}?{query}", UriKind.Relative))).FaultAsync(field)).ShouldStartWith(words);
    }
}

/// <summary>On a program of its own, since its trail is broken here.</summary>
public sealed class BrokenAuditApiTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    [Fact]
    public async Task Verify_names_the_first_row_that_was_altered()
    {
        await host.Database.FillAsync(12);
        using var client = await host.WithKeyAsync(OperatorRoles.Admin);
        var row = await host.Database.ScalarAsync<long>("select max(id) - 3 from audit");
        await host.Database.TamperAsync($"update audit set actor = 'Nobody' where id = {row}");

        var verdict = await client.JsonAsync("/api/admin/audit/verify");

        verdict.GetProperty("whole").GetBoolean().ShouldBeFalse();
        var broken = verdict.GetProperty("break");
        broken.GetProperty("firstRow").GetInt64().ShouldBe(row);
        broken.GetProperty("fault").GetString().ShouldBe("altered");
    }
}
