using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Radzen;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Pipeline.Limits;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Tests.Platform.Ui;
using SmsAi.Web.Features.People;
using SmsAi.Web.Features.Stories;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.People;

/// <summary>The page of one person, and the way to her number.</summary>
public sealed class UserPageTests : BunitContext, IAsyncLifetime
{
    private const string Number = "+15550100167";
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private static readonly Actor Mara = new("Mara", 7, OperatorRoles.Admin);
    private TestDatabase _database = null!;
    private RunningFeed _feed = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _feed = await RunningFeed.StartAsync(_database.Databases);
        _person = await HandPerson.AddAsync(_database);
        var profile = PersonKey.Create();
        await _database.ExecuteAsync(
            "insert into user_keys (user_id, month, key_id, wrapped, master_id) values ($1, '1970-01-01', $2, $3, $4)",
            _person.Id, profile.Id, TestKeys.Masters.Wrap(profile), TestKeys.Masters.CurrentId);
        await _database.ExecuteAsync("update users set phone_cipher = $2 where id = $1", _person.Id, profile.Encrypt(Number, "users.phone", _person.Id));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Person_is_shown_with_limits_preferences_tasks_consent_and_holds_and_without_her_number()
    {
        await _database.ExecuteAsync("""
            update users set country = 'US', preferences = '{"language":"de","notifications":{"quiet_hours":{"start":22,"end":8}},"<b>x</b>":"<script>alert(1)</script>"}', tags = array['مرحبا', '<i>vip</i>']
            """);
        await _database.ExecuteAsync("insert into consents (phone_hash, state, source) select phone_hash, 'out', 'text' from users");
        await _database.ExecuteAsync("insert into holds (user_id, reason, by_name) select id, 'disputed bill', 'Jonas' from users");
        await _person.MessageAsync(1000, Now, state: "answered");
        await _person.MessageAsync(1001, Now, direction: "out", kind: "answer", state: "delivered", replyTo: 1000);
        await _database.ExecuteAsync("update messages set model = 'gpt-4o-mini', model_micros = 300, carrier_micros = 7900 where id = 1001");
        await _database.ExecuteAsync("""
            insert into tasks (user_id, conversation_id, inbound_id, inbound_at, outbound_id, outbound_at, category, tokens_used, processing_ms, created_at)
            values ($1, $2, 1000, $3, 1001, $3, 'Coding', 412, 1800, $3)
            """, _person.Id, _person.Conversation, Now.UtcDateTime);

        var page = Open(OperatorRoles.Viewer);

        page.Find("h1").TextContent.ShouldBe("amber-otter-41··67Opted out");
        page.FindAll(".limits tbody tr").Select(row => row.TextContent).ShouldContain(row => row.StartsWith("Answers a minute", StringComparison.Ordinal) && row.Contains("10", StringComparison.Ordinal));
        page.Find(".tasks tbody a").GetAttribute("href").ShouldBe("messages/1000");
        page.Find(".tasks tbody tr").TextContent.ShouldContain("Coding");
        page.Find(".tasks tbody tr").TextContent.ShouldContain("$0.0082");
        page.Find(".tasks tbody .state").TextContent.ShouldBe("Delivered");
        page.Find(".aside").TextContent.ShouldContain("disputed bill");
        page.Find(".aside").TextContent.ShouldContain("<script>alert(1)</script>");
        page.Find(".aside").TextContent.ShouldContain("Quiet hours22:00 to 08:00");
        page.Find(".page-head .line").TextContent.ShouldContain("German");
        page.FindAll("script, .aside i, .aside b").ShouldBeEmpty();
        page.FindAll(".tag").ShouldAllBe(tag => tag.GetAttribute("dir") == "auto");
        page.Markup.ShouldNotContain("5550100");
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer, false, false)]
    [InlineData(OperatorRoles.Auditor, false, false)]
    [InlineData(OperatorRoles.Operator, true, false)]
    [InlineData(OperatorRoles.Admin, true, true)]
    [InlineData(OperatorRoles.Owner, true, true)]
    public void Each_role_may_press_what_it_may_do(string role, bool mayChange, bool mayReveal)
    {
        var page = Open(role);

        Button(page, "Change tier…").HasAttribute("disabled").ShouldBe(!mayChange);
        Button(page, "Block…").HasAttribute("disabled").ShouldBe(!mayChange);
        Button(page, "Reveal…").HasAttribute("disabled").ShouldBe(!mayReveal);
    }

    [Fact]
    public async Task Messages_tab_lists_her_messages_alone_and_hides_their_texts()
    {
        await _person.MessageAsync(1000, Now, "strictly between us");
        await (await HandPerson.AddAsync(_database, "quiet-heron-08", "12")).MessageAsync(1001, Now, "another one's");

        var page = Open(OperatorRoles.Operator, tab: "messages");

        page.WaitForAssertion(() => page.FindAll("table.list tbody a").Select(link => link.GetAttribute("href")).ShouldBe(["messages/1000"]), Patience);
        page.Markup.ShouldNotContain("strictly between us");
        page.Find(".tabs .active").TextContent.ShouldBe("Messages");
        Button(page, "Show texts").Click();
        page.WaitForAssertion(() => page.Find("table.list").TextContent.ShouldContain("strictly between us"), Patience);
    }

    [Fact]
    public async Task Errors_tab_says_what_went_wrong_harmlessly()
    {
        await _person.MessageAsync(1000, Now, direction: "out", kind: "answer", state: "failed");
        await _person.MessageAsync(1001, Now.AddMinutes(1), direction: "out", kind: "answer", state: "delivered");
        await _database.ExecuteAsync("update messages set error_code = 30003, error_text = 'Unreachable <img src=x onerror=alert(1)>' where id = 1000");

        var page = Open(OperatorRoles.Viewer, tab: "errors");

        page.WaitForAssertion(() => page.FindAll(".errors tbody tr").Count.ShouldBe(1), Patience);
        page.Find(".errors tbody").TextContent.ShouldContain("Unreachable <img src=x onerror=alert(1)>");
        page.FindAll("img").ShouldBeEmpty();
    }

    [Fact]
    public async Task Consent_tab_tells_when_she_said_so()
    {
        await _database.ExecuteAsync("insert into consents (phone_hash, state, source) select phone_hash, 'out', 'text' from users");
        await _person.EventAsync("received", """{"m":1000,"consent":"out"}""", 1000, Now);

        var page = Open(OperatorRoles.Viewer, tab: "consent");

        page.WaitForAssertion(() => page.Markup.ShouldContain("Message 1000"), Patience);
        page.Find(".section p").TextContent.ShouldStartWith("Opted out by a text of hers");
    }

    [Fact]
    public async Task Notes_are_written_read_and_removed_with_undo_and_hidden_from_viewers()
    {
        const string Text = "<b>Prefers mornings</b> مرحبا 🦦";
        var page = Open(OperatorRoles.Operator, tab: "notes");
        page.WaitForAssertion(() => page.FindAll("#new-note").ShouldNotBeEmpty(), Patience);
        page.Find("#new-note").Change(Text);
        await page.InvokeAsync(() => page.Find(".notes form").Submit());

        page.WaitForAssertion(() => page.Find(".note-row .text").TextContent.ShouldBe(Text), Patience);
        page.Find(".note-row .text").GetAttribute("dir").ShouldBe("auto");
        page.FindAll(".note-row b").ShouldBeEmpty();
        page.Find(".note-row footer").TextContent.ShouldStartWith("Mara");
        await page.InvokeAsync(() => Button(page, "Remove").Click());
        page.WaitForAssertion(() => page.FindAll(".note-row").ShouldBeEmpty(), Patience);
        await page.InvokeAsync((await this.ToastAsync("Note removed")).Act!);
        page.WaitForAssertion(() => page.Find(".note-row .text").TextContent.ShouldBe(Text), Patience);
    }

    [Fact]
    public async Task Note_somebody_else_changed_meanwhile_is_not_overwritten()
    {
        var page = Open(OperatorRoles.Operator, tab: "notes");
        page.WaitForAssertion(() => page.FindAll("#new-note").ShouldNotBeEmpty(), Patience);
        page.Find("#new-note").Change("calls at night");
        await page.InvokeAsync(() => page.Find(".notes form").Submit());
        page.WaitForAssertion(() => page.FindAll(".note-row .text").ShouldNotBeEmpty(), Patience);
        await page.InvokeAsync(() => page.FindAll(".note-row button").Single(button => button.TextContent.Trim() == "Edit").Click());
        await _database.ExecuteAsync("update person_notes set version = version + 1, edited_by = 'Jonas', edited_at = now()");

        await page.InvokeAsync(() => page.Find(".note-row textarea").Change("mine"));
        await page.InvokeAsync(() => page.Find(".note-row form").Submit());

        page.WaitForAssertion(() => page.Find(".note-row .fault").TextContent.ShouldBe("Not saved: somebody changed or removed this note meanwhile."), Patience);
    }

    [Fact]
    public void Viewer_reads_no_notes() =>
        Open(OperatorRoles.Viewer, tab: "notes").Find(".empty .title").TextContent.ShouldBe("Notes are hidden for your role");

    [Fact]
    public async Task Tag_is_added_and_its_removal_undone()
    {
        var page = Open(OperatorRoles.Operator);
        page.Find(".add input").Change(" Early Bird ");
        await page.InvokeAsync(() => page.Find("form.add").Submit());

        page.WaitForAssertion(() => page.Find(".tag").TextContent.ShouldBe("early-bird"), Patience);
        await page.InvokeAsync(() => page.Find(".tag button").Click());
        page.WaitForAssertion(() => page.FindAll(".tag").ShouldBeEmpty(), Patience);
        await page.InvokeAsync((await this.ToastAsync("Tag early-bird removed")).Act!);
        page.WaitForAssertion(() => page.Find(".tag").TextContent.ShouldBe("early-bird"), Patience);
    }

    [Fact]
    public void Unknown_person_says_so() => Open(OperatorRoles.Viewer, 424242).Find(".empty .title").TextContent.ShouldBe("There is no such person");

    [Fact]
    public async Task Revealed_number_is_shown_after_its_line_of_the_trail_and_hides_itself()
    {
        var time = new HandTimers();
        var page = Open(OperatorRoles.Admin, time: time);
        await page.InvokeAsync(() => Button(page, "Reveal…").Click());
        var dialogs = Services.GetRequiredService<DialogService>();
        var contact = await Services.GetRequiredService<PeopleDesk>().RevealAsync(_person.Id, "asked by the police", CancellationToken.None);
        await page.InvokeAsync(() => dialogs.Close(contact));
        page.WaitForAssertion(() => page.Find(".number-row").TextContent.ShouldContain(Number), Patience);
        (await _database.ScalarAsync<string>("select actor || ' ' || action || ' ' || resource || ' ' || (metadata ->> 'reason') from audit"))
            .ShouldBe($"Mara user.reveal user:{_person.Id} asked by the police");

        time.Fire(TimeSpan.FromSeconds(30));

        page.WaitForAssertion(() => page.Markup.ShouldNotContain(Number), Patience);
    }

    [Fact]
    public async Task Name_and_address_are_kept_encrypted_shown_with_the_number_and_said_to_have_changed()
    {
        var contacts = new PersonContacts(_database.Databases, new PersonKeys(TestKeys.Masters));
        var page = Open(OperatorRoles.Admin);
        var dialogs = Services.GetRequiredService<DialogService>();
        var first = (await contacts.RevealAsync(_person.Id, "why", Mara, CancellationToken.None))!;
        first.ShouldBe(new PersonContact(Number, null, null));
        dialogs.OnOpen += (_, kind, parameters, _) => _ = page.InvokeAsync(async () =>
        {
            if (kind == typeof(RevealDialog)) dialogs.Close(first);
            else if (await contacts.ChangeAsync(_person.Id, (PersonContact)parameters["Seen"]!, "Zoë Quill", "zoe@example.org", Mara, CancellationToken.None)) dialogs.Close(first with { Name = "Zoë Quill", Email = "zoe@example.org" });
        });

        await page.InvokeAsync(() => Button(page, "Reveal…").Click());
        page.WaitForAssertion(() => page.Find("[aria-label='Change name and email']").ShouldNotBeNull(), Patience);
        await page.InvokeAsync(() => page.Find("[aria-label='Change name and email']").Click());

        page.WaitForAssertion(() => page.Find(".address").TextContent.ShouldBe("zoe@example.org"), Patience);
        page.Markup.ShouldContain("Zoë Quill");
        await page.InvokeAsync(() => Button(page, "Hide").Click());
        page.WaitForAssertion(() => page.Find(".aside .hint").TextContent.ShouldBe("With the number you see name and email."), Patience);
        page.Markup.ShouldNotContain("Quill");
        (await contacts.RevealAsync(_person.Id, "why", Mara, CancellationToken.None)).ShouldBe(new PersonContact(Number, "Zoë Quill", "zoe@example.org"));
        (await contacts.ChangeAsync(_person.Id, first, null, null, Mara, CancellationToken.None)).ShouldBeFalse("somebody changed it meanwhile");
        (await _database.ScalarAsync<string>("select (metadata - 'correlation')::text from audit where action = 'user.contact'"))
            .ShouldBe("""{"after": {"name": "set", "email": "set"}, "before": {"name": "none", "email": "none"}}""");
        (await _database.ScalarAsync<long>("select count(*) from users u where position('Quill'::bytea in u.name_cipher) > 0 or u.name_cipher is null")).ShouldBe(0);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("two@signs@example.org")]
    [InlineData("a@b")]
    [InlineData("spaced out@example.org")]
    public void What_is_no_address_is_refused_with_an_example(string email) => PersonContacts.FaultOfEmail(email).ShouldBe("This is no address. Write it as in name@example.org.");

    [Theory]
    [InlineData(OperatorRoles.Operator)]
    [InlineData(OperatorRoles.Auditor)]
    [InlineData(OperatorRoles.Viewer)]
    public async Task Whoever_may_not_see_numbers_gets_none_by_any_door(string role)
    {
        var numbers = new PersonContacts(_database.Databases, new PersonKeys(TestKeys.Masters));

        await Should.ThrowAsync<UnauthorizedAccessException>(() => numbers.RevealAsync(_person.Id, "why", Mara with { Role = role }, CancellationToken.None));

        (await _database.ScalarAsync<long>("select count(*) from audit")).ShouldBe(0);
    }

    [Fact]
    public async Task Destroyed_key_leaves_no_number_to_reveal()
    {
        await _database.ExecuteAsync("delete from user_keys where month = '1970-01-01'");

        (await new PersonContacts(_database.Databases, new PersonKeys(TestKeys.Masters)).RevealAsync(_person.Id, "why", Mara, CancellationToken.None)).ShouldBeNull();
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<UserPage> page, string words) => page.FindAll("button").Single(button => button.TextContent == words);

    private IRenderedComponent<UserPage> Open(string role, long? id = null, TimeProvider? time = null, string? tab = null)
    {
        var databases = _database.Databases;
        JSInterop.Mode = JSRuntimeMode.Loose;
        var clock = new FixedClock(Now);
        Services.AddSingleton(time ?? clock).AddScoped<BrowserClock>().AddScoped<Toasts>().AddScoped<DialogService>().AddScoped<ClientAddress>();
        var limits = new LimitUse(
            new TierLimits(databases, Options.Create(new LimitsOptions()), clock, NullLogger<TierLimits>.Instance), new MonthBudget(databases, clock),
            new LoopGuard(databases, TestKeys.Hasher, Options.Create(new LoopGuardOptions { Enabled = false }), NullLogger<LoopGuard>.Instance),
            Options.Create(new LimitsOptions()), new RedisConnection(null), clock);
        Services.AddSingleton(new PersonReader(databases, limits, clock)).AddSingleton(new PeopleList(databases, TestKeys.Hasher, clock)).AddSingleton(_feed.Live);
        Services.AddSingleton(new PeopleActs(databases, _feed.Live, clock)).AddSingleton(new PersonContacts(databases, new PersonKeys(TestKeys.Masters)));
        Services.AddActing(_database).AddScoped<PeopleDesk>().AddScoped<ChangeToasts>().AddTransient<UserModel>().AddTransient<MessagesModel>();
        Services.AddSingleton(new PersonActs(databases, _feed.Live)).AddSingleton(new PersonNotes(databases, new PersonKeys(TestKeys.Masters), _feed.Live));
        Services.AddSingleton(new MessageList(databases, new MessageBodies(databases, new PersonKeys(TestKeys.Masters))));
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        if (tab is not null) Services.GetRequiredService<NavigationManager>().NavigateTo($"users/{_person.Id}?tab={tab}");
        var page = Render<UserPage>(p => p.Add(user => user.Id, id ?? _person.Id));
        page.WaitForAssertion(() => page.FindAll("h1").ShouldNotBeEmpty(), Patience);
        return page;
    }

    /// <summary>Timers that end when the test says so.</summary>
    private sealed class HandTimers : TimeProvider
    {
        private readonly List<(TimeSpan Due, Action Ring)> _timers = [];

        public override DateTimeOffset GetUtcNow() => Now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _timers.Add((dueTime, () => callback(state)));
            return System.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public void Fire(TimeSpan due)
        {
            foreach (var timer in _timers.Where(timer => timer.Due == due).ToList()) timer.Ring();
        }
    }
}
