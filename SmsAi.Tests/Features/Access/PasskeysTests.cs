using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Identity;
using SmsAi.Core.Features.Access;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Journeys;
using SmsAi.Tests.Platform.Shell;

namespace SmsAi.Tests.Features.Access;

/// <summary>Whose passkeys are kept, and how long challenges wait; how they sign in is a journey.</summary>
public sealed class PasskeysTests
{
    private static readonly byte[] Id = [1, 2, 3];

    [Fact]
    public async Task Passkey_comes_only_to_whoever_has_the_code_and_leaves_with_it()
    {
        await using var host = await AccessHost.StartAsync();
        var mara = await host.SignedInAsync("mara@example.org", OperatorRoles.Operator);
        var passkeys = host.Get<Passkeys>();
        (await passkeys.AddAsync(Made(Id), "Laptop", mara, default)).ShouldBeFalse("there is no code yet");
        await TurnOnAsync(host, mara);

        (await passkeys.AddAsync(Made(Id), "Laptop", mara, default)).ShouldBeTrue();
        (await passkeys.AddAsync(Made(Id), "Again", mara, default)).ShouldBeFalse("it is known already");
        (await passkeys.OfAsync(mara.Id!.Value, default)).Select(passkey => passkey.Name).ShouldBe(["Laptop"]);
        (await host.Database.ListAsync<string>("select action from audit where action like 'access.passkey%'")).ShouldBe(["access.passkey_added"]);

        await host.Get<SecondFactors>().TurnOffAsync(mara, default);
        (await passkeys.OfAsync(mara.Id.Value, default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Adding_and_removing_ask_for_a_fresh_second_factor_and_nobody_removes_anothers()
    {
        await using var host = await AccessHost.StartAsync();
        var mara = await host.SignedInAsync("mara@example.org", OperatorRoles.Operator);
        var jonas = await host.SignedInAsync("jonas@example.org", OperatorRoles.Owner);
        var passkeys = host.Get<Passkeys>();
        await TurnOnAsync(host, mara);
        await passkeys.AddAsync(Made(Id), "Laptop", mara, default);

        (await passkeys.RemoveAsync(Id, jonas, default)).ShouldBeFalse();
        await host.Database.ExecuteAsync("update operator_sessions set second_factor_at = null");
        await Should.ThrowAsync<SecondFactorNeededException>(() => passkeys.AddAsync(Made([9]), "Phone", mara, default));
        await Should.ThrowAsync<SecondFactorNeededException>(() => passkeys.RemoveAsync(Id, mara, default));
        await host.Database.ExecuteAsync("update operator_sessions set second_factor_at = clock_timestamp()");
        (await passkeys.RemoveAsync(Id, mara, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Passkey_is_renamed_by_its_owner_alone_and_the_trail_has_both_names()
    {
        await using var host = await AccessHost.StartAsync();
        var mara = await host.SignedInAsync("mara@example.org", OperatorRoles.Operator);
        var jonas = await host.SignedInAsync("jonas@example.org", OperatorRoles.Owner);
        var passkeys = host.Get<Passkeys>();
        await TurnOnAsync(host, mara);
        await passkeys.AddAsync(Made(Id), "Laptop", mara, default);

        (await passkeys.RenameAsync(Id, "Stolen", jonas, default)).ShouldBeFalse();
        (await passkeys.RenameAsync([9], "Nothing", mara, default)).ShouldBeFalse();
        (await passkeys.RenameAsync(Id, "  Work laptop ", mara, default)).ShouldBeTrue();
        (await passkeys.RenameAsync(Id, "Work laptop", mara, default)).ShouldBeTrue("it is called so already");

        (await passkeys.OfAsync(mara.Id!.Value, default)).Single().Name.ShouldBe("Work laptop");
        (await host.Database.ListAsync<string>("select actor || ' ' || (metadata - 'correlation')::text from audit where action = 'access.passkey_renamed'"))
            .ShouldBe(["""mara {"after": {"name": "Work laptop"}, "before": {"name": "Laptop"}}"""]);
        foreach (var wrong in new[] { "", "  ", "a\nb", new string('n', 61) })
            (await Should.ThrowAsync<ArgumentException>(() => passkeys.RenameAsync(Id, wrong, mara, default))).Message.ShouldStartWith("Give it a name of 1 to 60 characters.");
    }

    [Fact]
    public async Task Challenge_is_taken_once_by_the_session_and_for_the_purpose_it_was_made_for_within_five_minutes()
    {
        await using var host = await AccessHost.StartAsync();
        var passkeys = host.Get<Passkeys>();
        var id = await passkeys.KeepAsync("step-up", "mine", "state", default);
        var late = await passkeys.KeepAsync("sign-in", null, "state", default);

        (await passkeys.TakeAsync(id, "step-up", "another", default)).ShouldBeNull();
        (await passkeys.TakeAsync(id, "sign-in", "mine", default)).ShouldBeNull();
        (await passkeys.TakeAsync(id, "sign-in", null, default)).ShouldBeNull();
        var taken = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => passkeys.TakeAsync(id, "step-up", "mine", default)));
        taken.Count(state => state == "state").ShouldBe(1);

        host.Time.Pass(TimeSpan.FromMinutes(5));
        (await passkeys.TakeAsync(late, "sign-in", null, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Made_up_answer_signs_nobody_in_is_noted_and_slows_its_address()
    {
        await using var host = await ConsoleHost.StartAsync();
        await host.MakeOperatorAsync("mara@example.org", OperatorRoles.Owner);
        using var browser = host.Browser();
        browser.DefaultRequestHeaders.Add("RequestVerificationToken", (await ConsoleHost.FieldsAsync(browser, "/sign-in"))["__RequestVerificationToken"]);
        var begun = await (await browser.PostAsJsonAsync("/passkeys/sign-in/begin", new { })).Content.ReadFromJsonAsync<Begun>();
        begun!.Options.GetProperty("userVerification").GetString().ShouldBe("required");
        begun.Options.GetProperty("allowCredentials").GetArrayLength().ShouldBe(0, "nobody is told whose passkeys there are");

        var answer = await browser.PostAsJsonAsync("/passkeys/sign-in", new { id = begun.Id, credential = new { id = "AQID", type = "public-key" } });
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("This passkey wasn");
        (await host.Database.ListAsync<string>("select actor || ' ' || action from audit")).ShouldBe(["unknown access.refused"]);
        for (var time = 0; time < 19; time++) await browser.PostAsJsonAsync("/passkeys/sign-in", new { id = "guess", credential = new { } });
        var refused = await browser.PostAsJsonAsync("/passkeys/sign-in", new { id = "guess", credential = new { } });
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromMinutes(15));
        (await refused.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("fault").GetString().ShouldBe("Too many tries from this address. Wait 15 min.");
        (await browser.GetAsync("/controls")).StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    private static UserPasskeyInfo Made(byte[] id) => new(id, [4, 5, 6], DateTimeOffset.UnixEpoch, 0, ["internal"], true, false, false, [], []);

    private static async Task TurnOnAsync(AccessHost host, Actor who)
    {
        var factors = host.Get<SecondFactors>();
        var app = new Authenticator(((Proposal.Secret)await factors.ProposeAsync(Operators.Password, "mara", who, default)).Text);
        (await factors.TurnOnAsync(app.CodeAt(host.Time.GetUtcNow()), who, default)).ShouldNotBeNull();
    }

    private sealed record Begun(string Id, System.Text.Json.JsonElement Options);
}
