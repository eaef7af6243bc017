using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Web.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>What an operator does to her own account, and what nobody does to another's.</summary>
public sealed class OwnAccountTests : IAsyncLifetime
{
    private const string Wanted = "seven brass kettles whistle";
    private AccessHost _host = null!;
    private Actor _mara = null!;

    private OwnAccount Account => _host.Get<OwnAccount>();

    public async ValueTask InitializeAsync()
    {
        _host = await AccessHost.StartAsync();
        _mara = await _host.SignedInAsync("mara@example.org", OperatorRoles.Operator);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Changed_password_is_the_one_that_works_and_ends_the_other_sessions()
    {
        await _host.SignedInAsync(_mara, "elsewhere");
        var passwords = _host.Get<OperatorPasswords>();

        (await passwords.ChangeAsync("a guess", Wanted, _mara, default)).Current!.Left!.Value.Count.ShouldBe(4);
        (await passwords.ChangeAsync(Operators.Password, "password1234", _mara, default)).WantedFault!.ShouldContain("first passwords");
        (await passwords.ChangeAsync(Operators.Password, Operators.Password, _mara, default)).WantedFault!.ShouldContain("password you have");
        (await passwords.ChangeAsync(Operators.Password, Wanted, _mara, default)).IsDone.ShouldBeTrue();

        (await passwords.CheckAsync(_mara.Id!.Value, Operators.Password, default)).IsRight.ShouldBeFalse();
        (await passwords.CheckAsync(_mara.Id.Value, Wanted, default)).IsRight.ShouldBeTrue();
        (await _host.Database.ListAsync<string>("select id from operator_sessions where ended_at is null")).ShouldBe([_mara.Session!]);
        (await _host.Database.ListAsync<string>("select action || ' ' || (metadata ->> 'sessions_ended') from audit")).ShouldBe(["access.password_changed 1"]);
        (await _host.Database.ScalarAsync<string>("select string_agg(metadata::text, '') from audit"))!.ShouldNotContain("kettles");
    }

    [Fact]
    public async Task Password_of_a_session_that_ended_is_not_changed()
    {
        await _host.Database.ExecuteAsync("update operator_sessions set ended_at = now()");

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _host.Get<OperatorPasswords>().ChangeAsync(Operators.Password, Wanted, _mara, default));

        (await _host.Get<OperatorPasswords>().CheckAsync(_mara.Id!.Value, Operators.Password, default)).IsRight.ShouldBeTrue();
    }

    [Fact]
    public async Task Sessions_are_listed_until_they_end_grow_idle_or_old_and_only_ones_own_can_be_ended()
    {
        await _host.SignedInAsync(_mara, "elsewhere");
        var jonas = await _host.SignedInAsync("jonas@example.org", OperatorRoles.Owner);
        (await SessionsAsync()).ShouldBe(["elsewhere", "mara@example.org"], ignoreOrder: true);

        (await Account.EndAsync("elsewhere", jonas, default)).ShouldBeFalse();
        (await Account.EndAsync("elsewhere", _mara, default)).ShouldBeTrue();
        (await SessionsAsync()).ShouldBe(["mara@example.org"]);

        _host.Time.Pass(TimeSpan.FromMinutes(29));
        await _host.Get<OperatorSessions>().NoteUseAsync("mara@example.org", default);
        _host.Time.Pass(TimeSpan.FromMinutes(29));
        (await SessionsAsync()).ShouldBe(["mara@example.org"]);
        _host.Time.Pass(TimeSpan.FromMinutes(2));
        (await SessionsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Signing_out_everywhere_spares_nothing_of_ones_own_and_nobody_else()
    {
        await _host.SignedInAsync(_mara, "elsewhere");
        await _host.SignedInAsync("jonas@example.org", OperatorRoles.Owner);

        (await Account.EndAllAsync(thisToo: false, _mara, default)).ShouldBe(1);
        (await Account.EndAllAsync(thisToo: true, _mara, default)).ShouldBe(1);

        (await _host.Database.ListAsync<string>("select id from operator_sessions where ended_at is null")).ShouldBe(["jonas@example.org"]);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36", "Chrome on Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:129.0) Gecko/20100101 Firefox/129.0", "Firefox on macOS")]
    [InlineData("<script>alert(1)</script>", "A browser")]
    [InlineData("", "A browser")]
    public void Browsers_are_called_as_people_call_them(string agent, string words) => BrowserWords.Of(agent).ShouldBe(words);

    private async Task<IEnumerable<string>> SessionsAsync() =>
        (await Account.ReadAsync(_mara, SessionRules.Idle, SessionRules.InAll, default))!.Sessions.Select(session => session.Id);
}
