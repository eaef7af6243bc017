using SmsAi.Core.Features.SystemCheck;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Http;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Features.SystemCheck;

/// <summary>The system check tells what each party literally answered, without its secrets, and the way out.</summary>
public sealed class SystemChecksTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Well_database_says_its_version_schema_clock_and_keys()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var results = await RunAsync(host);
        results["Database"].Answer.ShouldMatch(@"^PostgreSQL \d+.* in [\d.]+ ms$");
        results["Schema"].ShouldBe(new CheckResult("Schema", CheckStatus.Ok, results["Schema"].Asked, "up to date"));
        results["Clock"].Status.ShouldBe(CheckStatus.Ok);
        results["Privacy keys"].Answer.ShouldBe("both keys are set; nobody is stored yet");
        results["Redis"].Status.ShouldBe(CheckStatus.Warn);
    }

    [Fact]
    public async Task Keys_are_tried_on_what_is_stored()
    {
        await using var host = await EdgeHost.StartAsync(_database);
        var thread = await SampleThread.CreateAsync(_database);
        var profile = PersonKey.Create();
        await thread.StoreKeyAsync(profile, new DateOnly(1970, 1, 1));
        await _database.ExecuteAsync("update users set phone_cipher = $1", profile.Encrypt(SampleTurns.Someone, "users.phone", thread.UserId));
        (await RunAsync(host))["Privacy keys"].Answer.ShouldBe("both keys are set and fit what is stored");

        await _database.ExecuteAsync("update users set phone_hash = sha256('another key')");
        var otherHash = (await RunAsync(host))["Privacy keys"];
        otherHash.Status.ShouldBe(CheckStatus.Fail);
        otherHash.WayOut!.ShouldContain("Privacy:PhoneHashKey");

        await _database.ExecuteAsync("update user_keys set wrapped = $1", new MasterKeys(Convert.FromBase64String(TestKeys.FormerEncryption)).Wrap(profile));
        var otherMaster = (await RunAsync(host))["Privacy keys"];
        otherMaster.Status.ShouldBe(CheckStatus.Fail);
        otherMaster.WayOut!.ShouldContain("Privacy:PreviousEncryptionKeys");
    }

    [Fact]
    public async Task Absent_database_fails_with_a_way_out()
    {
        await using var postgres = await TestPostgres.StartNewAsync();
        await using var own = await TestDatabase.CreateAsync(postgres);
        await using var host = await EdgeHost.StartAsync(own);
        await postgres.StopAsync();
        var result = (await RunAsync(host))["Database"];
        result.Status.ShouldBe(CheckStatus.Fail);
        result.WayOut!.ShouldContain("ConnectionStrings:Postgres");
    }

    [Fact]
    public async Task Redis_answers()
    {
        var redis = await TestRedis.CreateAsync();
        await using var host = await EdgeHost.StartAsync(_database, ("ConnectionStrings:Redis", redis.ConnectionString), ("Redis:TimeoutMilliseconds", "1000"));
        await Platform.Until.TrueAsync(() => host.Get<Core.Platform.Redis.RedisConnection>().IsUp, "Redis is up");
        var result = (await RunAsync(host))["Redis"];
        result.Status.ShouldBe(CheckStatus.Ok);
        result.Answer.ShouldMatch(@"^PONG in [\d.]+ ms, maxmemory-policy noeviction$");
    }

    [Theory]
    [InlineData("""{"status":"active","type":"Full","auth_token":"0123456789abcdef0123456789abcdef"}""", CheckStatus.Ok, "200: status active, type Full")]
    [InlineData("""{"status":"active","type":"Trial"}""", CheckStatus.Warn, "200: status active, type Trial")]
    [InlineData("""{"status":"suspended","type":"Full"}""", CheckStatus.Fail, "200: status suspended")]
    public async Task Twilio_account_says_its_status(string account, CheckStatus status, string answer)
    {
        await using var twilio = Answering(200, account);
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:ApiBaseUrl", Url(twilio)));
        var result = (await RunAsync(host))["Twilio account"];
        (result.Status, result.Answer).ShouldBe((status, answer));
    }

    [Fact]
    public async Task Refused_credentials_are_told_literally_without_secrets()
    {
        await using var party = Answering(401, """{"code":20003,"message":"Authentication Error for +14155550123, key sk-proj-abcdefghijkl"}""");
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:ApiBaseUrl", Url(party)), ("OpenAI:BaseUrl", Url(party) + "/v1"));
        var results = await RunAsync(host);
        foreach (var name in (string[])["Twilio account", "Model"])
        {
            results[name].Status.ShouldBe(CheckStatus.Fail);
            results[name].Answer.ShouldStartWith("401 in ");
            results[name].Answer.ShouldContain("Authentication Error");
            results[name].Answer.ShouldNotContain("4155550123");
            results[name].Answer.ShouldNotContain("sk-proj");
        }

        results["Model"].WayOut!.ShouldContain("OpenAI:ApiKey");
        results["Twilio account"].WayOut!.ShouldContain("Twilio:AuthToken");
    }

    [Fact]
    public async Task Numbers_that_post_elsewhere_are_told()
    {
        await using var twilio = Answering(200, """{"status":"active","type":"Full","incoming_phone_numbers":[{"sms_url":"https://old.example.com/hook"}]}""");
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:ApiBaseUrl", Url(twilio)));
        var result = (await RunAsync(host))["Twilio numbers"];
        result.Status.ShouldBe(CheckStatus.Warn);
        result.Answer.ShouldBe("posts to https://old.example.com/hook");
        result.WayOut!.ShouldContain("https://sms.example.com/road/sms/receive");
    }

    [Fact]
    public async Task Public_url_says_which_spelling_of_it_was_signed()
    {
        // Whoever listens can't know its port before: a second host is reached through the first one's address, as through a proxy.
        await using var first = await EdgeHost.StartAsync(_database);
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:PublicBaseUrl", first.Address.ToString()));
        var wrong = (await RunAsync(host))["Public URL"];
        wrong.Status.ShouldBe(CheckStatus.Fail, "the one who answers there takes itself for another URL");
        wrong.Answer.ShouldStartWith("403 in ");

        var port = FreePort.Next();
        await using var right = await EdgeHost.StartAsync(_database, ("Twilio:PublicBaseUrl", $"http://127.0.0.1:{port}"), (EdgeHost.PortKey, $"{port}"));
        var result = (await RunAsync(right))["Public URL"];
        result.Status.ShouldBe(CheckStatus.Ok);
        result.Answer.ShouldBe($"200: signed with the primary token, URL as_given (http://127.0.0.1:{port}/sms/self-test)");
    }

    [Fact]
    public async Task Redirecting_proxy_is_told()
    {
        await using var proxy = Answering(301, "", "Location: https://www.example.com/sms/self-test");
        await using var host = await EdgeHost.StartAsync(_database, ("Twilio:PublicBaseUrl", Url(proxy)));
        var result = (await RunAsync(host))["Public URL"];
        result.Status.ShouldBe(CheckStatus.Fail);
        result.Answer.ShouldBe("301 to https://www.example.com/sms/self-test");
    }

    private static RawServer Answering(int status, string body, string header = "") =>
        RawServer.Answering(status, body, header.Length > 0 ? header + "\r\n" : "");

    private static string Url(RawServer server) => server.Address.ToString().TrimEnd('/');

    private static async Task<Dictionary<string, CheckResult>> RunAsync(EdgeHost host) =>
        (await host.Get<SystemChecks>().RunAsync(CancellationToken.None)).ToDictionary(result => result.Name);
}
