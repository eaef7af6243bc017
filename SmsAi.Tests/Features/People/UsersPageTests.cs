using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.People;
using SmsAi.Core.Pipeline.Intake;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Tests.Features.Auditing;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.People;
using SmsAi.Web.Platform.Shell;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.People;

/// <summary>The list of people, as an operator sees it.</summary>
public sealed class UsersPageTests : BunitContext, IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;
    private TestDatabase _database = null!;
    private RunningFeed _running = null!;

    private LiveFeed Live => _running.Live;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _running = await RunningFeed.StartAsync(_database.Databases);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _running.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Fact]
    public async Task Newest_come_first_and_no_number_is_shown()
    {
        await Crowd.AddAsync(_database, 120, Now);

        var page = Open("users");

        Names(page).ShouldBe(Enumerable.Range(1, 50).Select(n => $"{Aliases.Of(n)}··{n % 100:00}"));
        page.WaitForAssertion(() => page.Find(".page-head .line").TextContent.ShouldStartWith("120 people."), Patience);
        page.Find(".table-foot").TextContent.ShouldContain("Rows 1 to 50 of 120");
        page.Markup.ShouldNotContain("555");
    }

    [Fact]
    public async Task Older_and_newer_turn_the_pages_by_the_address()
    {
        await Crowd.AddAsync(_database, 120, Now);
        var page = Open("users");
        Foot(page, "Newer").HasAttribute("href").ShouldBeFalse();

        Go(page, Foot(page, "Older").GetAttribute("href")!);
        page.WaitForAssertion(() => Names(page)[0].ShouldStartWith(Aliases.Of(51)), Patience);
        Go(page, Foot(page, "Newer").GetAttribute("href")!);
        page.WaitForAssertion(() => Names(page)[0].ShouldStartWith(Aliases.Of(1)), Patience);
    }

    [Fact]
    public async Task Filters_of_the_address_are_chips_that_lead_out()
    {
        await Crowd.AddAsync(_database, 120, Now);

        var page = Open("users?tier=enterprise&country=US&sort=-spend");

        page.WaitForAssertion(() => page.Find(".match").TextContent.ShouldBe("6 match"), Patience);
        page.FindAll(".chip.on").Select(chip => chip.TextContent).ShouldBe(["Tier Enterprise", "Country US"]);
        page.Find("th[aria-sort=descending]").TextContent.ShouldBe("Spend, month");
        page.FindAll(".chip.on")[0].GetAttribute("href").ShouldBe("users?country=US&sort=-spend");
    }

    [Fact]
    public async Task Filter_is_chosen_in_its_panel()
    {
        await Crowd.AddAsync(_database, 40, Now);
        var page = Open("users");
        page.FindAll("#by-tier").ShouldBeEmpty();

        page.Find(".chip.add").Click();
        page.WaitForAssertion(() => page.FindAll("#by-tier option").Count.ShouldBe(4), Patience);
        page.Find("#by-tier").Change("enterprise");

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("users?tier=enterprise"), Patience);
        page.WaitForAssertion(() => Names(page).Length.ShouldBe(2), Patience);
    }

    [Fact]
    public async Task Whole_number_finds_its_person_and_stays_out_of_the_address()
    {
        await Crowd.AddAsync(_database, 40, Now);
        var page = Open("users");

        page.Find("input[type=search]").Input("+1 555 010 0000033");
        await page.Find("form.search").SubmitAsync();

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/users/33"), Patience);

        page.Find("input[type=search]").Input("+1 555 010 0000099");
        await page.Find("form.search").SubmitAsync();
        page.WaitForAssertion(() => page.Find(".fault").TextContent.ShouldBe("Nobody with this number has written."), Patience);
        Services.GetRequiredService<NavigationManager>().Uri.ShouldNotContain("555");
    }

    [Fact]
    public async Task Tag_of_the_address_narrows_the_list_and_stands_in_a_column_once_somebody_has_one()
    {
        await Crowd.AddAsync(_database, 40, Now);
        Open("users").FindAll("th").Select(head => head.TextContent).ShouldNotContain("Tags");
        await _database.ExecuteAsync("update users set tags = array['beta', 'early', 'vip'] where id in (3, 30); update users set tags = array['beta'] where id = 5");

        var page = Reopen("users?tag=vip");

        page.WaitForAssertion(() => page.FindAll("td.tags").Count.ShouldBe(2), Patience);
        page.Find("td.tags").TextContent.ShouldBe("vipbeta+1");
        page.FindAll("td.tags .tag")[1].GetAttribute("href").ShouldBe("users?tag=beta");
        page.FindAll(".chip.on").Select(chip => chip.TextContent).ShouldBe(["Tag vip"]);
        page.Find(".chip.on").GetAttribute("href").ShouldBe("users");
        Go(page, "users?tag=vip&without=tags");
        page.WaitForAssertion(() => page.FindAll("td.tags").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task Tag_is_chosen_in_the_filters_panel_and_a_number_is_none()
    {
        await Crowd.AddAsync(_database, 5, Now);
        await _database.ExecuteAsync("update users set tags = array['early-bird'] where id = 4");
        var page = Open("users");
        page.Find(".chip.add").Click();
        page.WaitForAssertion(() => page.Find("#tags-in-use option").GetAttribute("value").ShouldBe("early-bird"), Patience);

        page.Find("#by-tag").Change("4915123456789");
        page.WaitForAssertion(() => page.Find(".fault").TextContent.ShouldBe("This looks like a phone number. Find a person by it in the search."), Patience);
        page.Find("#by-tag").Change("Early bird");

        page.WaitForAssertion(() => Names(page).ShouldBe([$"{Aliases.Of(4)}··04"]), Patience);
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("users?tag=early-bird");
    }

    [Fact]
    public async Task Columns_can_be_left_out_and_the_address_remembers_it()
    {
        await Crowd.AddAsync(_database, 3, Now);

        var page = Open("users?without=country.spend");

        page.FindAll("th").Select(head => head.TextContent).ShouldBe(["Person", "Tier", "State", "Last text", "Since", "Texts, month"]);
    }

    [Fact]
    public void Empty_service_says_what_will_appear() =>
        Open("users").Find(".empty .title").TextContent.ShouldBe("Nobody has written yet");

    [Fact]
    public async Task Filter_nobody_fits_offers_the_way_out()
    {
        await Crowd.AddAsync(_database, 3, Now);

        var page = Open("users?country=JP");

        page.Find(".empty .title").TextContent.ShouldBe("Nobody matches");
        page.Find(".empty a").GetAttribute("href").ShouldBe("users");
    }

    [Theory]
    [InlineData("users?q=%2B15550100033")]
    [InlineData("users?spend=much&since=yesterday&older=x&newer=.&person=-1&sort=nothing&blocked=perhaps")]
    [InlineData("users?tag=4915123456789")]
    [InlineData("users?older=1.99999999999999999999&sort=-spend")]
    public async Task Address_that_cannot_be_understood_shows_everybody(string address)
    {
        await Crowd.AddAsync(_database, 3, Now);

        Names(Open(address)).Length.ShouldBe(3);
    }

    [Fact]
    public async Task Ticked_people_raise_the_bar_and_another_filter_lets_them_go()
    {
        await Crowd.AddAsync(_database, 120, Now);
        var page = Open("users", OperatorRoles.Operator);
        page.FindAll(".bulk").ShouldBeEmpty();

        page.Find("tbody input[type=checkbox]").Change(true);
        page.WaitForAssertion(() => page.Find(".bulk b").TextContent.ShouldBe("1 selected"), Patience);
        page.Find("thead input[type=checkbox]").Change(true);
        page.WaitForAssertion(() => page.FindAll("tr.selected").Count.ShouldBe(50), Patience);
        page.WaitForAssertion(() => page.Find(".bulk .link").TextContent.ShouldBe("All 120 that match"), Patience);
        page.Find(".bulk .link").Click();
        page.WaitForAssertion(() => page.Find(".bulk b").TextContent.ShouldBe("All 120 that match"), Patience);

        Go(page, "users?tier=premium");
        page.WaitForAssertion(() => page.FindAll(".bulk").ShouldBeEmpty(), Patience);
    }

    [Fact]
    public async Task Whoever_may_only_look_ticks_nobody()
    {
        await Crowd.AddAsync(_database, 3, Now);

        Open("users", OperatorRoles.Auditor).FindAll("table input").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_does_shows_by_itself()
    {
        await Crowd.AddAsync(_database, 3, Now);
        var page = Open("users");

        await Services.GetRequiredService<PeopleActs>().ChangeAsync(
            PeopleChange.Block, [new(2, 1)], "storm", new Actor("Jonas", 8, OperatorRoles.Operator), CancellationToken.None);

        page.WaitForAssertion(() => page.FindAll(".state")[1].TextContent.ShouldBe("Blocked"), Patience);
    }

    private static string[] Names(IRenderedComponent<UsersPage> page) => [.. page.FindAll(".person").Select(person => person.TextContent)];

    private static AngleSharp.Dom.IElement Foot(IRenderedComponent<UsersPage> page, string words) =>
        page.FindAll(".table-foot a").Single(link => link.TextContent == words);

    private void Go(IRenderedComponent<UsersPage> page, string address) =>
        page.InvokeAsync(() => Services.GetRequiredService<NavigationManager>().NavigateTo(address));

    private IRenderedComponent<UsersPage> Open(string address, string role = OperatorRoles.Viewer)
    {
        Services.AddSingleton<TimeProvider>(new FixedClock(Now)).AddScoped<BrowserClock>().AddScoped<Toasts>();
        Services.AddSingleton(new PeopleList(_database.Databases, TestKeys.Hasher, new FixedClock(Now))).AddTransient<UsersModel>();
        Services.AddSingleton(Live).AddSingleton(new PeopleActs(_database.Databases, Live, new FixedClock(Now)));
        Services.AddScoped<ClientAddress>().AddSingleton(new PersonContacts(_database.Databases, new SmsAi.Core.Platform.Privacy.PersonKeys(TestKeys.Masters))).AddScoped<PeopleDesk>().AddActing(_database).AddScoped<ChangeToasts>().AddScoped<Radzen.DialogService>();
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        return Reopen(address);
    }

    private IRenderedComponent<UsersPage> Reopen(string address)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        var page = Render<UsersPage>(p => p.AddCascadingValue(new RailModel()));
        page.WaitForAssertion(() => page.FindAll(".person, .empty").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
