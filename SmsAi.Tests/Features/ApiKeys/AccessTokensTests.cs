using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SmsAi.Core.Features.ApiKeys;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>Tokens: which are read, and that none can be made or bent by others.</summary>
public sealed class AccessTokensTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync() => _database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task Token_of_one_replica_is_read_by_another_until_ten_minutes_are_over()
    {
        var (one, other) = (Replica(), Replica());
        var token = await one.IssueAsync(Key(), CancellationToken.None);

        (await other.ReadAsync(token.Text, CancellationToken.None)).ShouldBe("0123456789ab");
        token.ExpiresAt.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(10));
        _time.Pass(TimeSpan.FromMinutes(10));
        (await other.ReadAsync(token.Text, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Token_lives_no_longer_than_its_key()
    {
        var token = await Replica().IssueAsync(Key() with { ExpiresAt = _time.GetUtcNow() + TimeSpan.FromMinutes(3) }, CancellationToken.None);

        token.ExpiresAt.ShouldBe(_time.GetUtcNow() + TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task Two_replicas_that_begin_at_once_agree_on_one_signing_key()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Replica().IssueAsync(Key(), CancellationToken.None)));

        (await _database.ScalarAsync<long>("select count(*) from token_keys")).ShouldBe(1);
    }

    [Fact]
    public async Task Signing_key_is_a_new_one_each_month_and_the_old_one_still_reads()
    {
        var tokens = Replica();
        await tokens.IssueAsync(Key(), CancellationToken.None);
        _time.Pass(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        var last = await tokens.IssueAsync(Key(), CancellationToken.None);
        _time.Pass(TimeSpan.FromMinutes(2));

        var next = await tokens.IssueAsync(Key(), CancellationToken.None);

        (await _database.ScalarAsync<long>("select count(*) from token_keys")).ShouldBe(2);
        (await tokens.ReadAsync(last.Text, CancellationToken.None)).ShouldNotBeNull();
        (await tokens.ReadAsync(next.Text, CancellationToken.None)).ShouldNotBeNull();
        next.Text.Split('.')[0].ShouldNotBe(last.Text.Split('.')[0]);
    }

    [Fact]
    public async Task Signing_key_is_wrapped_and_another_master_key_reads_nothing()
    {
        var token = await Replica().IssueAsync(Key(), CancellationToken.None);
        var stranger = Replica(new MasterKeys(Convert.FromBase64String(TestKeys.FormerEncryption)));

        (await stranger.ReadAsync(token.Text, CancellationToken.None)).ShouldBeNull();
        (await stranger.ReadAsync((await stranger.IssueAsync(Key(), CancellationToken.None)).Text, CancellationToken.None)).ShouldNotBeNull();
    }

    public static TheoryData<string, string> Bent => new()
    {
        { """{"alg":"none","typ":"at+jwt","kid":"KID"}""", "" },
        { """{"alg":"HS256","typ":"JWT","kid":"KID"}""", "" },
        { """{"alg":"HS384","typ":"at+jwt","kid":"KID"}""", "" },
        { """{"alg":"RS256","typ":"at+jwt","kid":"KID"}""", "" },
        { """{"alg":"HS256","typ":"at+jwt","kid":"KID","crit":["x"]}""", "" },
        { """{"alg":"HS256","typ":"at+jwt","kid":"KID","jku":"https://evil.example/keys"}""", "" },
        { """{"alg":"HS256","typ":"at+jwt","kid":"KID","jwk":{"kty":"oct","k":"AAAA"}}""", "" },
        { """{"alg":"HS256","typ":"at+jwt","kid":"00000000000000000000000000000000"}""", "" },
        { """{"alg":"HS256","typ":"at+jwt"}""", "" },
        { "", """{"iss":"other","aud":"smsai-api","sub":"0123456789ab","iat":NOW,"exp":LATER}""" },
        { "", """{"iss":"smsai","aud":"other","sub":"0123456789ab","iat":NOW,"exp":LATER}""" },
        { "", """{"iss":"smsai","aud":"smsai-api","sub":"0123456789ab","iat":NOW}""" },
        { "", """{"iss":"smsai","aud":"smsai-api","sub":"0123456789ab","iat":LATER,"exp":LATER}""" },
        { "", """{"iss":"smsai","aud":"smsai-api","sub":"0123456789ab","iat":SOON31,"exp":LATER}""" },
        { "", """{"iss":"smsai","aud":"smsai-api","sub":"0123456789ab","iat":NOW,"exp":NOW}""" },
        { "", "[]" },
    };

    /// <summary>Even signed by the right key, only what we would have written is read.</summary>
    [Theory]
    [MemberData(nameof(Bent))]
    public async Task Token_that_is_not_as_ours_are_is_refused(string header, string claims)
    {
        var tokens = Replica();
        var good = (await tokens.IssueAsync(Key(), CancellationToken.None)).Text.Split('.');
        var (text, signature) = await BentAsync(good, header, claims);

        (await tokens.ReadAsync($"{text}.{signature}", CancellationToken.None)).ShouldBeNull();
        (await tokens.ReadAsync($"{text}.", CancellationToken.None)).ShouldBeNull();
        (await tokens.ReadAsync(string.Join('.', good), CancellationToken.None)).ShouldNotBeNull("the one it was bent from is read");
    }

    [Fact]
    public async Task Token_of_a_replica_whose_clock_is_thirty_seconds_ahead_is_read()
    {
        var tokens = Replica();
        var good = (await tokens.IssueAsync(Key(), CancellationToken.None)).Text.Split('.');

        var (text, signature) = await BentAsync(good, "", """{"iss":"smsai","aud":"smsai-api","sub":"0123456789ab","iat":SOON30,"exp":LATER}""");

        (await tokens.ReadAsync($"{text}.{signature}", CancellationToken.None)).ShouldBe("0123456789ab");
    }

    /// <summary>Bent, and signed by the right key.</summary>
    private async Task<(string Text, string Signature)> BentAsync(string[] good, string header, string claims)
    {
        var wrapped = await _database.ScalarAsync<byte[]>("select wrapped from token_keys");
        var id = await _database.ScalarAsync<Guid>("select id from token_keys");
        var secret = TestKeys.Masters.Unprotect(wrapped, $"token_keys.wrapped|{id:N}");
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        claims = claims.Replace("SOON30", $"{now + 30}").Replace("SOON31", $"{now + 31}").Replace("NOW", $"{now}").Replace("LATER", $"{now + 300}");
        var text = (header.Length == 0 ? good[0] : Encoded(header.Replace("KID", $"{id:N}"))) + "."
            + (claims.Length == 0 ? good[1] : Encoded(claims));
        return (text, Convert.ToBase64String(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(text))).TrimEnd('=').Replace('+', '-').Replace('/', '_'));
    }

    [Fact]
    public async Task Altered_claims_and_signature_are_refused()
    {
        var tokens = Replica();
        var parts = (await tokens.IssueAsync(Key(), CancellationToken.None)).Text.Split('.');
        var claims = Encoding.UTF8.GetString(Convert.FromBase64String(parts[1].Replace('-', '+').Replace('_', '/').PadRight((parts[1].Length + 3) / 4 * 4, '=')));

        (await tokens.ReadAsync($"{parts[0]}.{Encoded(claims.Replace("0123456789ab", "ba9876543210"))}.{parts[2]}", CancellationToken.None)).ShouldBeNull();
        (await tokens.ReadAsync($"{parts[0]}.{parts[1]}.{(parts[2][0] == 'A' ? 'B' : 'A')}{parts[2][1..]}", CancellationToken.None)).ShouldBeNull();
        (await tokens.ReadAsync("...", CancellationToken.None)).ShouldBeNull();
        (await tokens.ReadAsync(new string('a', 100_000), CancellationToken.None)).ShouldBeNull();
    }

    private AccessTokens Replica(MasterKeys? masters = null) =>
        new(new TokenKeys(_database.Databases, masters ?? TestKeys.Masters, _time, NullLogger<TokenKeys>.Instance), _time);

    private ApiKey Key() => new()
    {
        Id = 1,
        Prefix = "0123456789ab",
        Name = "deploys",
        Role = "Operator",
        Scopes = ["read", "stop"],
        CreatedAt = _time.GetUtcNow(),
        CreatedBy = "command line",
        ExpiresAt = _time.GetUtcNow().AddDays(90),
        HasMaker = true,
    };

    private static string Encoded(string json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
