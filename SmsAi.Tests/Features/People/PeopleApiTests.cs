using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Api;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Features.People;

/// <summary>People as programs find and change them.</summary>
public sealed class PeopleApiTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    private const string Users = "/api/admin/users";

    [Fact]
    public async Task Pages_follow_each_other_by_cursor_without_gap_or_repeat()
    {
        for (var number = 10; number < 17; number++)
            await AddAsync($"page-heron-{number}", $"{number}");
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);
        List<string> seen = [];

        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.JsonAsync($"{Users}?search=page-heron&limit=3&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(person => person.GetProperty("alias").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        seen.ShouldBe([.. Enumerable.Range(10, 7).Select(number => $"page-heron-{number}")], ignoreOrder: true);
    }

    [Fact]
    public async Task Filters_find_by_alias_and_tier_and_no_answer_has_a_number_in_it()
    {
        await AddAsync("solo-lynx-42", "42", tier: 2);
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);

        var text = await client.GetStringAsync(new Uri($"{Users}?search=solo-lynx-42&tier=premium", UriKind.Relative));

        var person = JsonSerializer.Deserialize<JsonElement>(text).GetProperty("items")[0];
        (person.GetProperty("alias").GetString(), person.GetProperty("lastDigits").GetString(), person.GetProperty("tier").GetString()).ShouldBe(("solo-lynx-42", "42", "premium"));
        text.ShouldNotMatch(@"\+\d{6,}");
        (await client.JsonAsync($"{Users}?search=solo-lynx-42&tier=free")).GetProperty("items").GetArrayLength().ShouldBe(0);
        var details = await client.JsonAsync($"{Users}/{person.GetProperty("id").GetInt64()}");
        details.GetProperty("limits").EnumerateArray().Select(limit => limit.GetProperty("per").GetString()).ShouldContain("day");
    }

    [Theory]
    [InlineData("search=%2B12025550123", "search", "This looks like a phone number")]
    [InlineData("tier=gold", "tier", "There is no such tier. There are free, premium, enterprise.")]
    [InlineData("cursor=abc", "cursor", "This is no cursor of this list.")]
    [InlineData("limit=-1", "limit", "A whole number from 1 to 200.")]
    [InlineData("limit=99999999999999999999", "limit", "A whole number from 1 to 200.")]
    [InlineData("sort=alias;drop table users", "sort", "There is no such field here. There are search, tier, cursor, limit.")]
    [InlineData("tier=free&tier=premium", "tier", "Give it once.")]
    public async Task Wrong_parameter_is_named_with_the_way_out(string query, string field, string words)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Viewer);

        (await (await client.GetAsync(new Uri($"{Users}?{query}", UriKind.Relative))).FaultAsync(field)).ShouldStartWith(words);
    }

    [Fact]
    public async Task Patch_moves_and_blocks_in_one_act_and_the_trail_has_both()
    {
        var id = await AddAsync("calm-otter-61", "61");
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        using var answer = await PatchAsync(client, id, """{"tier":"premium","blocked":true,"reason":"Abuse"}""");

        var person = await answer.JsonAsync();
        (person.GetProperty("tier").GetString(), person.GetProperty("blocked").GetBoolean(), person.GetProperty("state").GetString()).ShouldBe(("premium", true, "blocked"));
        answer.Headers.ETag!.Tag.ShouldBe($"\"{person.GetProperty("version").GetInt32()}\"");
        (await host.Database.ListAsync<string>("select action || ' ' || (metadata ->> 'reason') from audit where resource = 'user:' || $1 order by id", id))
            .ShouldBe(["user.tier Abuse", "user.block Abuse"]);
        using var again = await PatchAsync(client, id, """{"tier":"premium","reason":"Abuse"}""");
        (await again.JsonAsync()).GetProperty("version").GetInt32().ShouldBe(person.GetProperty("version").GetInt32(), "what is so already stays");
        using var back = await PatchAsync(client, id, """{"blocked":false,"reason":"Talked to her"}""");
        (await back.JsonAsync()).GetProperty("blocked").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Of_two_who_change_the_same_version_one_is_told_who_was_faster()
    {
        var id = await AddAsync("swift-hare-62", "62");
        using var one = await host.WithKeyAsync(OperatorRoles.Operator);
        using var other = await host.WithKeyAsync(OperatorRoles.Admin);
        using var seen = await one.GetAsync(new Uri($"{Users}/{id}", UriKind.Relative));

        var answers = await Task.WhenAll(
            PatchAsync(one, id, """{"tier":"premium","reason":"a"}""", seen.Headers.ETag), PatchAsync(other, id, """{"tier":"enterprise","reason":"b"}""", seen.Headers.ETag));

        answers.Select(answer => (int)answer.StatusCode).Order().ShouldBe([200, 412]);
        var lost = answers.Single(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed);
        (await lost.ProblemAsync(412)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldMatch("^API key test (Operator|Admin) .* changed this person since version");
        (await host.Database.ScalarAsync<long>("select count(*) from audit where resource = 'user:' || $1", id)).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"tier":"premium"}""", "reason", "Say why")]
    [InlineData("""{"tier":"gold","reason":"x"}""", "tier", "There is no such tier.")]
    [InlineData("""{"reason":"x"}""", "tier", "Give tier, blocked or both")]
    [InlineData("""{"blocked":"yes","reason":"x"}""", "blocked", "true or false, without quotes.")]
    [InlineData("""{"isAdmin":true,"reason":"x"}""", "isAdmin", "There is no such field here. There are tier, blocked, reason.")]
    public async Task Wrong_change_is_refused_by_field(string json, string field, string words)
    {
        var id = await AddAsync($"wrong-{field.ToLowerInvariant()}-{json.Length}", "63");
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        (await (await PatchAsync(client, id, json)).FaultAsync(field)).ShouldStartWith(words);

        (await host.Database.ScalarAsync<int>("select version from users where id = $1", id)).ShouldBe(await host.Database.ScalarAsync<int>("select min(version) from users"));
    }

    [Theory]
    [InlineData("/999999999")]
    [InlineData("/0")]
    [InlineData("/-1")]
    [InlineData("/x")]
    [InlineData("/99999999999999999999")]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    public async Task Nobody_is_not_found_as_a_problem(string path)
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Operator);

        await (await client.GetAsync(new Uri(Users + path, UriKind.Relative))).ProblemAsync(404);
        await (await client.PatchAsync(new Uri(Users + path, UriKind.Relative), Json("""{"blocked":true,"reason":"x"}"""))).ProblemAsync(404);
    }

    private static async Task<HttpResponseMessage> PatchAsync(HttpClient client, long id, string json, EntityTagHeaderValue? version = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{Users}/{id}") { Content = Json(json) };
        if (version is not null) request.Headers.IfMatch.Add(version);
        return await client.SendAsync(request);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private Task<long> AddAsync(string alias, string tail, short tier = 1) => host.Database.ScalarAsync<long>(
        "insert into users (phone_hash, alias, phone_tail, tier_id) values (sha256($1::bytea), $2, $3, $4) returning id",
        Encoding.UTF8.GetBytes(alias), alias, tail, tier)!;
}
