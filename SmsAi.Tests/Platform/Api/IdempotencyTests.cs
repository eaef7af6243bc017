using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Api;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>Acts that are asked for again under one Idempotency-Key.</summary>
public sealed class IdempotencyTests(ProgramHost host) : IClassFixture<ProgramHost>, IAsyncLifetime
{
    private const string Kill = "/api/admin/controls/kill";
    private const string Pause = "/api/admin/controls/pause";
    private const string Resume = "/api/admin/controls/resume";

    private readonly string _key = Guid.NewGuid().ToString();
    private HttpClient _program = null!;

    public async ValueTask InitializeAsync() => _program = await host.WithKeyAsync(OperatorRoles.Admin);

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Second_call_gets_the_first_answer_and_does_nothing()
    {
        var before = await FlipsAsync();

        using var first = await SendAsync(Pause, """{"reason":"once"}""");
        using var second = await SendAsync(Pause, """{"reason":"once"}""");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        second.Content.Headers.ContentType!.ToString().ShouldBe(first.Content.Headers.ContentType!.ToString());
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await FlipsAsync()).ShouldBe(before + 1);
        (await host.Database.ScalarAsync<long>("select count(*) from audit where action = 'service.pause' and metadata ->> 'reason' = 'once'")).ShouldBe(1);
    }

    [Fact]
    public async Task Changed_person_comes_with_the_version_she_had_then()
    {
        var id = await host.Database.ScalarAsync<long>("insert into users (phone_hash, alias, phone_tail, tier_id) values (sha256('once'), 'once-lynx-11', '11', 1) returning id");
        var path = $"/api/admin/users/{id}";

        using var first = await SendAsync(path, """{"blocked":true,"reason":"spam"}""", HttpMethod.Patch);
        first.StatusCode.ShouldBe(HttpStatusCode.OK, await first.Content.ReadAsStringAsync());
        using var other = await SendAsync(path, """{"blocked":false,"reason":"not spam"}""", HttpMethod.Patch, "another");
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var again = await SendAsync(path, """{"blocked":true,"reason":"spam"}""", HttpMethod.Patch);

        again.Headers.ETag.ShouldBe(first.Headers.ETag.ShouldNotBeNull());
        (await again.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        (await _program.JsonAsync(path)).GetProperty("blocked").GetBoolean().ShouldBeFalse("a repetition blocks nobody anew");
    }

    [Fact]
    public async Task Same_key_for_something_else_is_refused()
    {
        await (await SendAsync(Pause, """{"reason":"a"}""")).JsonAsync();
        var before = await FlipsAsync();

        (await (await SendAsync(Pause, """{"reason":"b"}""")).ProblemAsync(422)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldEndWith("Take a new key for each act.");
        await (await SendAsync(Resume, """{"reason":"a"}""")).ProblemAsync(422);

        (await FlipsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Stop_heeds_no_key_and_is_done_each_time()
    {
        var before = await FlipsAsync();

        foreach (var key in (string[])["the same", "the same"])
        {
            using var stop = await SendAsync(Kill, """{"reason":"fire"}""", key: key);
            (await stop.JsonAsync()).GetProperty("stopped").GetBoolean().ShouldBeTrue();
            stop.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
            (await SendAsync(Resume, """{"reason":"out"}""", key: Guid.NewGuid().ToString())).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await FlipsAsync()).ShouldBe(before + 4);
        (await SendAsync(Kill, "{}", key: "no key at all")).StatusCode.ShouldBe(HttpStatusCode.OK, "a key with spaces is wrong elsewhere");
    }

    [Fact]
    public async Task Each_api_key_has_keys_of_its_own()
    {
        using var neighbour = await host.WithKeyAsync(OperatorRoles.Operator);
        await (await SendAsync(Pause, """{"reason":"mine"}""")).JsonAsync();

        using var request = Request(Pause, """{"reason":"theirs"}""", HttpMethod.Post, _key);
        (await (await neighbour.SendAsync(request)).JsonAsync()).GetProperty("reason").GetString().ShouldBe("theirs");
    }

    [Fact]
    public async Task While_the_first_is_being_done_others_wait_and_who_hung_up_gets_its_answer()
    {
        await using var connection = new NpgsqlConnection(host.Database.ConnectionString);
        await connection.OpenAsync();
        var before = await FlipsAsync();
        using var patience = new CancellationTokenSource();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("select from controls where name = 'pause' for update", connection, transaction);
            await hold.ExecuteNonQueryAsync();
            var first = _program.SendAsync(Request(Pause, """{"reason":"slow"}""", HttpMethod.Post, _key), patience.Token);
            await Until.TrueAsync(() => host.Database.ScalarAsync<bool>("select exists (select from idempotency_keys where key = $1)", _key), "the first call is at work");

            using var second = await SendAsync(Pause, """{"reason":"slow"}""");
            await second.ProblemAsync(409);
            second.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(1));
            await patience.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(first);
        }

        HttpResponseMessage? answer = null;
        await Until.TrueAsync(async () => (answer = await SendAsync(Pause, """{"reason":"slow"}""")).StatusCode == HttpStatusCode.OK, "the first call's answer is there");
        answer!.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await FlipsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Refusal_leaves_the_key_free()
    {
        (await (await SendAsync(Resume, "{}")).FaultAsync("reason")).ShouldStartWith("Say what changed");

        using var mended = await SendAsync(Resume, """{"reason":"mended"}""");

        mended.StatusCode.ShouldBe(HttpStatusCode.OK);
        mended.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
    }

    [Fact]
    public async Task Pause_whose_replica_died_is_done_when_asked_again_and_a_resume_is_left_to_somebody()
    {
        await DieAsync(Pause, """{"reason":"died"}""", "paused");
        await DieAsync(Resume, """{"reason":"died"}""", "resumed");
        var before = await FlipsAsync();

        using var pause = await SendAsync(Pause, """{"reason":"died"}""", key: "paused");
        (await pause.JsonAsync()).GetProperty("stopped").GetBoolean().ShouldBeTrue();
        pause.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        var refusal = await (await SendAsync(Resume, """{"reason":"died"}""", key: "resumed")).ProblemAsync(409);

        refusal.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("may have been done or not");
        (await FlipsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Answer_is_forgotten_after_a_day()
    {
        await (await SendAsync(Pause, "{}")).JsonAsync();
        await (await SendAsync(Pause, "{}", key: "young")).JsonAsync();
        await host.Database.ExecuteAsync("update idempotency_keys set created_at = created_at - interval '24 h' where key = $1", _key);

        (await host.Services.GetRequiredService<IdempotencyKeys>().RemoveAsync(CancellationToken.None)).ShouldBe(1);
        (await host.Database.ListAsync<string>("select key from idempotency_keys where key in ($1, 'young')", _key)).ShouldBe(["young"]);
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("")]
    [InlineData("long")]
    [InlineData("twice")]
    public async Task Wrong_key_is_named(string kind)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Pause, UriKind.Relative)) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", kind == "long" ? new string('k', 256) : kind);
        if (kind == "twice") request.Headers.TryAddWithoutValidation("Idempotency-Key", "again");
        var before = await FlipsAsync();

        (await (await _program.SendAsync(request)).FaultAsync("Idempotency-Key")).ShouldContain("1 to 255 visible ASCII characters");

        (await FlipsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Every_act_heeds_the_key_and_says_so()
    {
        var paths = (await _program.JsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Where(path => path.Name.StartsWith("/api/admin/", StringComparison.Ordinal));
        var acts = paths.Where(path => path.Name != Kill).SelectMany(path => path.Value.EnumerateObject()).Where(call => call.Name is not "get").Select(call => call.Value).ToList();

        acts.Count.ShouldBeGreaterThan(2);
        foreach (var act in acts)
        {
            act.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()).ShouldContain("Idempotency-Key");
            act.GetProperty("responses").TryGetProperty("409", out _).ShouldBeTrue();
            act.GetProperty("responses").TryGetProperty("422", out _).ShouldBeTrue();
        }
    }

    /// <summary>As a call is found whose replica was killed a while ago.</summary>
    private async Task DieAsync(string path, string json, string key)
    {
        using var done = await SendAsync(path, json, key: key);
        done.StatusCode.ShouldBe(HttpStatusCode.OK);
        await host.Database.ExecuteAsync(
            "update idempotency_keys set status = null, response = null, created_at = created_at - interval '11 s' where key = $1", key);
    }

    private Task<long> FlipsAsync() => host.Database.ScalarAsync<long>("select count(*) from control_flips");

    private async Task<HttpResponseMessage> SendAsync(string path, string json, HttpMethod? method = null, string? key = null)
    {
        using var request = Request(path, json, method ?? HttpMethod.Post, key ?? _key);
        return await _program.SendAsync(request);
    }

    private static HttpRequestMessage Request(string path, string json, HttpMethod method, string key) => new(method, new Uri(path, UriKind.Relative))
    {
        Content = new StringContent(json, Encoding.UTF8, "application/json"),
        Headers = { { "Idempotency-Key", key } },
    };
}
