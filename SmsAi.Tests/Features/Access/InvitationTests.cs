using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>Invitations, from the link to the account, as browsers see them.</summary>
public sealed class InvitationTests : IAsyncLifetime
{
    private ConsoleHost _host = null!;
    private Actor _mara = null!;

    private Invitations Invitations => _host.Services.GetRequiredService<Invitations>();

    public async ValueTask InitializeAsync()
    {
        _host = await ConsoleHost.StartAsync();
        _mara = new Actor("mara", await _host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner), OperatorRoles.Owner);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Link_makes_the_account_with_its_role_signs_in_and_works_once()
    {
        var token = await InviteAsync(OperatorRoles.Auditor);
        using var browser = _host.Browser();
        using var late = _host.Browser();

        (await JoinAsync(browser, token, "jonas@example.org")).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await browser.GetAsync("/audit")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await WordsAsync(await JoinAsync(late, token, "late@example.org"))).ShouldContain("This invitation was used, taken back, or is too old.");

        (await _host.Database.ListAsync<string>("select display_name || ' ' || email from operators order by id")).ShouldBe(["mara mara@example.org", "Jonas jonas@example.org"]);
        (await _host.Database.ListAsync<string>("select actor || ' ' || action || ' ' || role from audit where action in ('access.invite', 'access.joined') order by id"))
            .ShouldBe(["mara access.invite Owner", "Jonas access.joined Auditor"]);
        (await _host.Database.ScalarAsync<string>("select string_agg(metadata::text, '') from audit"))!.ShouldNotContain(token);
        (await _host.Database.ScalarAsync<long>("select count(*) from operator_invitations")).ShouldBe(0);
    }

    [Fact]
    public async Task Ten_who_open_the_same_link_at_once_make_one_account()
    {
        var token = await InviteAsync(OperatorRoles.Viewer);

        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(async n =>
        {
            await using var scope = _host.Services.CreateAsyncScope();
            return await scope.ServiceProvider.GetRequiredService<Joining>().JoinAsync(token, "Jonas", $"jonas{n}@example.org", ConsoleHost.Password, null, default);
        }));

        results.Count(result => result is NewAccountResult.Made).ShouldBe(1);
        results.Count(result => result is NewAccountResult.LinkRefused).ShouldBe(9);
        (await _host.Database.ScalarAsync<long>("select count(*) from operators")).ShouldBe(2);
    }

    [Fact]
    public async Task Link_lives_72_hours()
    {
        var token = await InviteAsync(OperatorRoles.Viewer);
        var second = await InviteAsync(OperatorRoles.Viewer);
        using var browser = _host.Browser();

        _host.Time.Pass(TimeSpan.FromHours(71.9));
        (await JoinAsync(browser, token, "jonas@example.org")).StatusCode.ShouldBe(HttpStatusCode.Found);
        _host.Time.Pass(TimeSpan.FromHours(0.2));
        using var late = _host.Browser();
        (await WordsAsync(await JoinAsync(late, second, "late@example.org"))).ShouldContain("too old");
    }

    [Theory]
    [InlineData("delete from operator_invitations")]
    [InlineData("update operators set is_disabled = true")]
    [InlineData("delete from operators where email = 'mara@example.org'")]
    public async Task Link_that_was_taken_back_or_whose_maker_lost_her_account_makes_nobody(string meanwhile)
    {
        var token = await InviteAsync(OperatorRoles.Admin);
        await _host.Database.ExecuteAsync(meanwhile);
        using var browser = _host.Browser();

        (await WordsAsync(await JoinAsync(browser, token, "jonas@example.org"))).ShouldContain("This invitation was used");

        (await _host.Database.ScalarAsync<long>("select count(*) from operators where email = 'jonas@example.org'")).ShouldBe(0);
    }

    [Fact]
    public async Task Maker_who_may_no_longer_administer_takes_her_links_along()
    {
        var jonas = new Actor("jonas", await _host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Admin), OperatorRoles.Admin);
        var token = (await Invitations.MakeAsync(OperatorRoles.Admin, "a friend", jonas, default))!;
        await _host.Services.GetRequiredService<Accounts>().ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Operator), _mara, default);
        using var browser = _host.Browser();

        (await WordsAsync(await JoinAsync(browser, token, "friend@example.org"))).ShouldContain("This invitation was used");
    }

    [Fact]
    public async Task Owner_who_becomes_an_admin_takes_back_the_links_she_could_make_no_longer()
    {
        var jonas = new Actor("jonas", await _host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Owner), OperatorRoles.Owner);
        var ofOwner = (await Invitations.MakeAsync(OperatorRoles.Owner, "a friend", jonas, default))!;
        var ofAdmin = (await Invitations.MakeAsync(OperatorRoles.Admin, "another friend", jonas, default))!;
        await _host.Services.GetRequiredService<Accounts>().ChangeRoleAsync(jonas.Id!.Value, new(OperatorRoles.Admin), _mara, default);
        using var browser = _host.Browser();

        (await WordsAsync(await JoinAsync(browser, ofOwner, "friend@example.org"))).ShouldContain("This invitation was used");
        (await JoinAsync(browser, ofAdmin, "friend@example.org")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Admin_invites_no_owner_and_a_link_can_be_taken_back_once()
    {
        var jonas = new Actor("jonas", await _host.MakeOperatorAsync("jonas@example.org", OperatorRoles.Admin), OperatorRoles.Admin);
        (await Invitations.MakeAsync(OperatorRoles.Owner, "a friend", jonas, default)).ShouldBeNull();
        await Invitations.MakeAsync(OperatorRoles.Viewer, "a friend", jonas, default);

        var open = (await Invitations.ListAsync(default)).ShouldHaveSingleItem();
        (open.Role, open.Label, open.By).ShouldBe((OperatorRoles.Viewer, "a friend", "jonas"));
        (await Invitations.TakeBackAsync(open.Id, _mara, default)).ShouldBeTrue();
        (await Invitations.TakeBackAsync(open.Id, _mara, default)).ShouldBeFalse();
        (await Invitations.ListAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whether_an_email_has_an_account_is_told_to_nobody_without_a_good_link()
    {
        using var stranger = _host.Browser();
        using var invited = _host.Browser();
        var token = await InviteAsync(OperatorRoles.Viewer);

        var known = await WordsAsync(await JoinAsync(stranger, "guessed", "mara@example.org"));
        var unknown = await WordsAsync(await JoinAsync(stranger, "guessed", "nobody@example.org"));
        known.ShouldContain("This invitation was used");
        known.ShouldNotContain("There is an account");
        unknown.ShouldContain("This invitation was used");

        (await WordsAsync(await JoinAsync(invited, token, "MARA@example.org"))).ShouldContain("There is an account with this e-mail.");
        (await JoinAsync(invited, token, "jonas@example.org")).StatusCode.ShouldBe(HttpStatusCode.Found, "the link is still good");
    }

    [Fact]
    public async Task Form_without_its_token_against_forgery_is_refused_and_the_link_stays_good()
    {
        var token = await InviteAsync(OperatorRoles.Viewer);
        using var browser = _host.Browser();
        var fields = Fields(await ConsoleHost.FieldsAsync(browser, "/join"), token, "jonas@example.org");
        fields.Remove("__RequestVerificationToken");

        (await browser.PostAsync("/join", new FormUrlEncodedContent(fields))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        (await Invitations.ListAsync(default)).Count.ShouldBe(1);
    }

    private async Task<string> InviteAsync(string role) => (await Invitations.MakeAsync(role, "Jonas of the night shift", _mara, default))!;

    private static async Task<HttpResponseMessage> JoinAsync(HttpClient browser, string token, string email) =>
        await browser.PostAsync("/join", new FormUrlEncodedContent(Fields(await ConsoleHost.FieldsAsync(browser, "/join"), token, email)));

    private static Dictionary<string, string> Fields(Dictionary<string, string> hidden, string token, string email)
    {
        hidden["Form.Token"] = token;
        hidden["Form.Name"] = "Jonas";
        hidden["Form.Email"] = email;
        hidden["Form.Password"] = ConsoleHost.Password;
        return hidden;
    }

    private static async Task<string> WordsAsync(HttpResponseMessage answer) => WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
}
