using System.Net;
using System.Text.Json;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Auditing;

/// <summary>The trail as a file: everything that fits, harmless in a spreadsheet, and a line of the trail itself.</summary>
public sealed class AuditExportTests
{
    [Fact]
    public async Task Csv_holds_every_row_that_fits_and_runs_nothing()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Auditor);
        await host.Database.FillAsync(1_200);
        await host.Database.AppendAsync("hold.place", "user:7", """{"reason": "=cmd|' /C calc'!A0, \"now\""}""");

        var answer = await browser.GetAsync("/audit/export.csv?from=2020-01-01T00:00:00Z&act=hold.place");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/csv");
        answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue("the trail is kept by no browser and no proxy");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        var lines = (await answer.Content.ReadAsStringAsync()).TrimEnd().Split("\r\n");
        lines[0].TrimStart('\uFEFF').ShouldStartWith("row,time,who,");
        lines.Length.ShouldBe(1 + 1 + 300);
        lines[1].ShouldContain(",\"'=cmd|' /C calc'!A0, \"\"now\"\"\",");
        (await host.Database.ScalarAsync<string>("select actor || ' ' || (metadata ->> 'format') || ' ' || (metadata ->> 'act') from audit where action = 'audit.export'"))
            .ShouldBe("auditor csv hold.place");
        await Until.EqualAsync(
            """auditor {"rows": 301, "format": "csv", "complete": true}""",
            () => host.Database.ScalarAsync<string>("select actor || ' ' || metadata::text from audit where action = 'audit.exported'"));
    }

    [Fact]
    public async Task Json_is_one_array_with_the_metadata_as_it_was_written()
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(OperatorRoles.Auditor);
        await host.Database.AppendAsync("tier.change", "tier:3", """{"before": {"perMonth": 1200}, "after": {"perMonth": 1500}}""");

        using var json = JsonDocument.Parse(await browser.GetStringAsync("/audit/export.json?from=2020-01-01T00:00:00Z&q=tier:3"));

        var row = json.RootElement.EnumerateArray().ShouldHaveSingleItem();
        row.GetProperty("act").GetString().ShouldBe("tier.change");
        row.GetProperty("metadata").GetProperty("after").GetProperty("perMonth").GetInt32().ShouldBe(1500);
        row.GetProperty("hash").GetString().ShouldBe(await host.Database.ScalarAsync<string>("select encode(hash, 'hex') from audit where action = 'tier.change'"));
        (await host.Database.ScalarAsync<string>("select metadata::text from audit where action = 'audit.export'"))!.ShouldNotContain("tier:3");
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task File_that_broke_off_is_told_as_one(string format)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.FillAsync(1_000);
        var export = new AuditExport(database.Databases, new AuditTrail(database.Databases));
        await using var full = new MemoryStream(new byte[100_000]);

        await Should.ThrowAsync<NotSupportedException>(() => export.WriteAsync(
            new AuditFilter { From = DateTimeOffset.UnixEpoch }, format, full, new Actor("Vera", 3, OperatorRoles.Auditor), CancellationToken.None));

        (await database.ScalarAsync<string>("select metadata ->> 'complete' from audit where action = 'audit.exported'")).ShouldBe("false");
        (await database.ScalarAsync<int>("select (metadata ->> 'rows')::int from audit where action = 'audit.exported'")).ShouldBeInRange(1, 999);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Operator)]
    public async Task Whoever_may_not_read_the_trail_gets_no_file(string role)
    {
        await using var host = await ConsoleHost.StartAsync();
        using var browser = await host.SignedInAsync(role);

        (await browser.GetAsync("/audit/export.csv")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);

        (await host.Database.ScalarAsync<long>("select count(*) from audit where action = 'audit.export'")).ShouldBe(0);
    }

    [Fact]
    public async Task Right_is_asked_for_where_the_file_is_made_too()
    {
        await using var database = await TestDatabase.CreateAsync();
        var export = new AuditExport(database.Databases, new AuditTrail(database.Databases));

        await Should.ThrowAsync<UnauthorizedAccessException>(() => export.NoteAsync(
            new AuditFilter { From = DateTimeOffset.UnixEpoch }, "csv", new Actor("Someone", 3, OperatorRoles.Operator), CancellationToken.None));
    }
}
