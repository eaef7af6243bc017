using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Pipeline;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Tests.Pipeline.Ledger;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;
using SmsAi.Web.Features.Stories;
using SmsAi.Web.Platform.Ui;

namespace SmsAi.Tests.Features.Stories;

/// <summary>The list of messages as operators see it.</summary>
public sealed class MessagesPageTests : BunitContext, IAsyncLifetime
{
    private static readonly TimeSpan Patience = BunitContext.DefaultWaitTimeout;

    private TestDatabase _database = null!;
    private RunningFeed _feed = null!;
    private HandPerson _person = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        _feed = await RunningFeed.StartAsync(_database.Databases);
        _person = await HandPerson.AddAsync(_database);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _feed.DisposeAsync();
        await _database.DisposeAsync();
        await DisposeAsync();
    }

    [Theory]
    [InlineData(OperatorRoles.Viewer)]
    [InlineData(OperatorRoles.Auditor)]
    public async Task Whoever_may_not_read_texts_sees_their_shape_and_no_button(string role)
    {
        await TextAsync(1, "a private matter");

        var page = Open("messages", role);

        page.FindAll(".list .hidden-text").Count.ShouldBe(1);
        page.Markup.ShouldNotContain("private");
        page.FindAll("button").ShouldNotContain(button => button.TextContent.Contains("Show texts", StringComparison.Ordinal));
        page.Find(".list .who a").GetAttribute("href").ShouldBe("messages/1");
        page.Find(".list .what").TextContent.ShouldBe("Received");
    }

    [Fact]
    public async Task Texts_are_hidden_until_someone_with_the_right_asks_and_shown_as_text()
    {
        await TextAsync(1, "<img src=x onerror=alert(1)> שלום");
        var page = Open("messages", OperatorRoles.Operator);
        page.Markup.ShouldNotContain("onerror");

        page.FindAll("button").Single(button => button.TextContent == "Show texts").Click();

        page.WaitForAssertion(() => page.Find(".list .text span").TextContent.ShouldBe("<img src=x onerror=alert(1)> שלום"), Patience);
        page.FindAll("img").ShouldBeEmpty();
        page.Find(".list .text span").GetAttribute("dir").ShouldBe("auto");
    }

    [Fact]
    public async Task Filter_is_in_the_address_and_a_reload_shows_the_same()
    {
        await TextAsync(1, "one");
        await _person.MessageAsync(2, DateTimeOffset.UtcNow.AddMinutes(-1), "two", "out", "broadcast", "failed");
        var page = Open("messages?before=9999999999999999-7", OperatorRoles.Viewer);

        page.Find("select[aria-label=State]").Change("failed");

        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/messages?state=failed", Case.Sensitive), Patience);
        page.WaitForAssertion(() => page.FindAll(".list .what").Select(state => state.TextContent).ShouldBe(["Failed"]), Patience);
        await DisposeComponentsAsync();
        var again = Render<MessagesPage>();
        again.WaitForAssertion(() => again.FindAll(".list .kind").Select(kind => kind.TextContent).ShouldBe(["Broadcast"]), Patience);
    }

    [Theory]
    [InlineData("+1 202 555 01 44")]
    [InlineData("(202) 555-0144")]
    public async Task Number_that_is_typed_stays_out_of_the_address_and_the_way_to_its_person_is_told(string typed)
    {
        await TextAsync(1, "one");
        var page = Open("messages", OperatorRoles.Viewer);

        page.Find("input[aria-label='Person, by alias']").Change(typed);

        page.WaitForAssertion(() => page.Find(".fault").TextContent.ShouldContain("Find the person under Users"), Patience);
        page.Find(".fault a").GetAttribute("href").ShouldBe("users");
        Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/messages");
        page.Find("input[aria-label='Person, by alias']").Change("amber-otter");
        page.WaitForAssertion(() => Services.GetRequiredService<NavigationManager>().Uri.ShouldEndWith("/messages?person=amber-otter"), Patience);
        page.FindAll(".fault").ShouldBeEmpty();
    }

    [Fact]
    public async Task List_stands_still_and_says_that_there_is_news()
    {
        await TextAsync(1, "one");
        var page = Open("messages", OperatorRoles.Viewer);
        await TextAsync(2, "two");

        _feed.Live.Publish(LiveTopics.Messages);

        page.WaitForAssertion(() => page.FindAll("button").ShouldContain(button => button.TextContent == "New texts, show"), Patience);
        page.FindAll(".list tbody tr").Count.ShouldBe(1);
        page.FindAll("button").Single(button => button.TextContent == "New texts, show").Click();
        page.WaitForAssertion(() => page.FindAll(".list tbody tr").Count.ShouldBe(2), Patience);
    }

    [Fact]
    public void Filters_that_leave_nothing_say_so()
    {
        Open("messages?person=no-such-person", OperatorRoles.Viewer).Find(".empty .title").TextContent.ShouldBe("No message fits these filters");
    }

    private Task TextAsync(long id, string body) => _person.MessageAsync(id, DateTimeOffset.UtcNow.AddMinutes(-5), body);

    private IRenderedComponent<MessagesPage> Open(string path, string role)
    {
        Services.AddSingleton(TimeProvider.System).AddScoped<BrowserClock>().AddSingleton(_feed.Live);
        Services.AddTransient(_ => new MessagesModel(
            new MessageList(_database.Databases, new MessageBodies(_database.Databases, new PersonKeys(TestKeys.Masters)))));
        this.AddAuthorization().SetAuthorized("Mara").SetRoles(role)
            .SetPolicies([.. Rights.Roles.Where(right => right.Value.Contains(role)).Select(right => right.Key)]);
        Services.GetRequiredService<NavigationManager>().NavigateTo(path);
        var page = Render<MessagesPage>();
        page.WaitForAssertion(() => page.FindAll(".filters").ShouldNotBeEmpty(), Patience);
        return page;
    }
}
