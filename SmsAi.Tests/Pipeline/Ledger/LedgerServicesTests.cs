using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Features.Metrics;
using SmsAi.Core.Features.People;
using SmsAi.Core.Features.Searching;
using SmsAi.Core.Features.Stories;
using SmsAi.Core.Features.Tasks;
using SmsAi.Core.Pipeline.Ledger;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Privacy;

namespace SmsAi.Tests.Pipeline.Ledger;

/// <summary>The readers as the program registers them: all there, and at work from one host.</summary>
public sealed class LedgerServicesTests
{
    [Fact]
    public async Task Registered_readers_all_read_what_happened()
    {
        await using var database = await TestDatabase.CreateAsync();
        var person = await HandPerson.AddAsync(database);
        var now = DateTimeOffset.UtcNow;
        await person.MessageAsync(1000, now, "hello there", sid: "SM1");
        await person.EventAsync("received", """{"m":1000}""", 1000);

        using var app = Build(database.ConnectionString);
        app.Services.GetServices<ILedgerReader>().Select(reader => reader.Name).ShouldBe(["terms", "people", "tasks", "metrics", "inbox"], ignoreOrder: true);
        app.Services.GetRequiredService<StoryReader>().ShouldNotBeNull();
        var host = app.Services.GetServices<IHostedService>().OfType<LedgerReaderHost>().Single();
        await host.StartAsync(CancellationToken.None);
        await SmsAi.Tests.Platform.Until.TrueAsync(
            () => database.ScalarAsync<bool>("""
                select exists (select from message_terms) and exists (select from user_activity where texts_total = 1) and exists (select from tasks)
                  and exists (select from metric_minutes where texts_in = 1) and exists (select from inbox where text_position = 1)
                """),
            "every reader has read the event");
        await host.StopAsync(CancellationToken.None);
    }

    private static IHost Build(string database)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Postgres"] = database,
            ["Privacy:PhoneHashKey"] = TestKeys.PhoneHash,
            ["Privacy:EncryptionKey"] = TestKeys.Encryption,
        });
        builder.Services.AddLogging();
        builder.Services.AddDatabase(builder.Configuration);
        builder.Services.AddPrivacy(builder.Configuration);
        builder.Services.AddRedis(builder.Configuration);
        builder.Services.AddLive();
        builder.Services.AddReplying(builder.Configuration).AddLedger(builder.Configuration).AddMetrics(builder.Configuration).AddPeople(builder.Configuration)
            .AddTasks(builder.Configuration).AddSearching(builder.Configuration).AddStories(builder.Configuration).AddConversations(builder.Configuration);
        builder.Services.Configure<ServiceProviderOptions>(options => options.ValidateOnBuild = true);
        return builder.Build();
    }
}
