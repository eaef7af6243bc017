using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Phone;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Pipeline;

namespace SmsAi.Tests.Features.Phone;

/// <summary>A handset's text is a webhook like any other: over HTTP, signed, and taken in only if it holds.</summary>
public sealed class HandsetTests : IAsyncLifetime
{
    private static readonly Actor Mara = new("Mara", 1, OperatorRoles.Operator);

    private PhoneDesk _desk = null!;

    public async ValueTask InitializeAsync() => _desk = await PhoneDesk.OpenAsync();

    public ValueTask DisposeAsync() => _desk.DisposeAsync();

    [Fact]
    public async Task Text_is_answered_to_the_handset()
    {
        var post = await TextAsync(new HandsetText(Number("0111"), "do you ship to canada?"));

        post.Status.ShouldBe(200);
        await _desk.Road.SettledAsync(taken: 1);
        var answer = _desk.Road.Carrier.Taken.ShouldHaveSingleItem();
        answer.To.ShouldBe("+15550100111");
        answer.Body.ShouldBe("You said: do you ship to canada?");
    }

    [Fact]
    public async Task Text_sent_twice_is_two_webhooks_and_one_answer()
    {
        await TextAsync(new HandsetText(Number("0111"), "two boxes") { IsTwice = true });

        await _desk.Road.SettledAsync(taken: 1);
        _desk.App.Requests.Count.ShouldBe(2);
        _desk.Road.Carrier.Taken.Count.ShouldBe(1);
        Wire("0111").ShouldBe([("POST /sms/receive", 200), ("POST /sms/receive", 200)]);
    }

    [Fact]
    public async Task Wrong_token_is_refused_at_the_door_and_leaves_nothing_with_the_carrier()
    {
        var post = await TextAsync(new HandsetText(Number("0111"), "let me in") { HasWrongToken = true });

        post.Status.ShouldBe(403);
        post.IsTaken.ShouldBeFalse();
        Wire("0111").ShouldBe([("POST /sms/receive", 403)]);
        (await _desk.Get<SandboxMessages>().ThreadAsync("+15550100111", 10, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Lost_webhook_stays_with_the_carrier_for_the_sweep()
    {
        await _desk.Get<HandsetFaults>().SwitchAsync(Number("0111"), SandboxFault.WebhooksLost, isOn: true, Mara, CancellationToken.None);

        var post = await TextAsync(new HandsetText(Number("0111"), "anybody?"));

        post.IsLost.ShouldBeTrue();
        _desk.App.Requests.ShouldBeEmpty();
        (await _desk.Get<SandboxMessages>().ThreadAsync("+15550100111", 10, CancellationToken.None)).ShouldHaveSingleItem().Body.ShouldBe("anybody?");
    }

    [Fact]
    public async Task Faults_are_switched_for_one_handset_alone()
    {
        var faults = _desk.Get<HandsetFaults>();

        await faults.SwitchAsync(Number("0111"), SandboxFault.TooFast, isOn: true, Mara, CancellationToken.None);
        await faults.SwitchAsync(Number("0111"), SandboxFault.ReceiptsLost, isOn: true, Mara, CancellationToken.None);
        await faults.SwitchAsync(Number("0111"), SandboxFault.TooFast, isOn: false, Mara, CancellationToken.None);

        (await faults.OfAsync(Number("0111"), CancellationToken.None)).ShouldBe(SandboxFault.ReceiptsLost);
        (await faults.OfAsync(Number("0112"), CancellationToken.None)).ShouldBe(SandboxFault.None);
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData("")]
    public async Task Who_may_only_look_can_neither_text_nor_break_the_carrier_nor_add_a_handset(string role)
    {
        var actor = new Actor("Viktor", 2, role);

        await Should.ThrowAsync<UnauthorizedAccessException>(() => _desk.Get<Handset>().TextAsync(new HandsetText(Number("0111"), "hi"), actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(
            () => _desk.Get<HandsetFaults>().SwitchAsync(Number("0111"), SandboxFault.TooFast, isOn: true, actor, CancellationToken.None));
        await Should.ThrowAsync<UnauthorizedAccessException>(() => _desk.Get<PhoneBook>().AddAsync(Number("0177"), "Kim", actor, CancellationToken.None));
        _desk.App.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_of_the_text_is_in_the_wires_log()
    {
        await TextAsync(new HandsetText(Number("0111"), "my secret is plum cake"));

        var log = string.Join('\n', _desk.Get<WireLog>().Of(Number("0111")).SelectMany(line => line.Facts.Select(fact => fact.Value).Append(line.Note)));
        log.ShouldNotContain("plum");
        log.ShouldContain("22 characters");
        log.ShouldContain(RoadHost.OurNumber);
    }

    [Fact]
    public async Task Handsets_that_were_added_stay_and_can_be_named_anew()
    {
        var book = _desk.Get<PhoneBook>();

        (await book.AddAsync(Number("0177"), "Kim", Mara, CancellationToken.None)).ShouldBeNull();
        (await book.AddAsync(Number("0177"), "Kimberly", Mara, CancellationToken.None)).ShouldBeNull();

        var entries = await book.ReadAsync(CancellationToken.None);
        entries.Count.ShouldBe(5);
        entries[^1].ShouldBe(new PhoneEntry(Number("0177"), "Kimberly"));
    }

    private static TestNumber Number(string text) => TestNumber.TryParse(text, out var number) ? number : throw new ArgumentException(text);

    private Task<HandsetPost> TextAsync(HandsetText text) => _desk.Get<Handset>().TextAsync(text, Mara, CancellationToken.None);

    private (string Call, int? Status)[] Wire(string number) => [.. _desk.Get<WireLog>().Of(Number(number)).Select(line => (line.Call, line.Status))];
}
