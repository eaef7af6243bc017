using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Features.Conversations;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Access;
using SmsAi.Core.Platform.Live;
using SmsAi.Core.Platform.Privacy;
using SmsAi.Core.Platform.Redis;

namespace SmsAi.Tests.Platform.Faults.Scenarios;

/// <summary>An operator who has taken one conversation over and writes in it, apart from the replicas under test.</summary>
public sealed class OperatorHand
{
    private readonly Journeys.Service _service;
    private readonly HandTexts _texts;
    private readonly TakeOvers _takeOvers;
    private readonly Actor _owner;
    private readonly long _conversation;
    private readonly string _to;

    private OperatorHand(Journeys.Service service, Actor owner, long conversation, string to)
    {
        (_service, _owner, _conversation, _to) = (service, owner, conversation, to);
        var databases = service.Database.Databases;
        var masters = new MasterKeys(Convert.FromBase64String(service.Settings["Privacy:EncryptionKey"]));
        var hasher = new PhoneHasher(Convert.FromBase64String(service.Settings["Privacy:PhoneHashKey"]));
        var (keys, redis) = (new PersonKeys(masters), new RedisConnection(null));
        var recent = new RecentTurns(
            redis, new ThreadReader(databases, masters, NullLogger<ThreadReader>.Instance), Options.Create(new RecentTurnsOptions()), NullLogger<RecentTurns>.Instance);
        var live = new LiveFeed(new LiveWire(redis, databases, TimeProvider.System), TimeProvider.System);
        _takeOvers = new TakeOvers(databases, recent, live);
        _texts = new HandTexts(databases, _takeOvers, new Outbox(new Ids(databases.Pages), keys, masters, hasher), keys, live);
    }

    /// <summary>Takes the one conversation of somebody who has texted already.</summary>
    public static async Task<OperatorHand> TakeAsync(Journeys.Service service, PostedText text)
    {
        var conversation = await service.Database.ScalarAsync<long>("select conversation_id from messages where sid = $1 and direction = 'in'", text.Sid);
        var owner = new Actor("owner", await service.Database.ScalarAsync<long>("select min(id) from operators"), OperatorRoles.Owner);
        var hand = new OperatorHand(service, owner, conversation, text.From);
        (await hand._takeOvers.TakeAsync(conversation, null, owner, CancellationToken.None)).ShouldBeOfType<TakeOutcome.Taken>();
        return hand;
    }

    /// <summary>One text by hand; it may have to wait for the switches.</summary>
    public async Task WriteAsync(string body)
    {
        (await _texts.SendAsync(_conversation, body, seen: long.MaxValue, isSure: true, _owner, CancellationToken.None)).ShouldBeOfType<HandOutcome.Queued>();
        _service.Driver.WroteByHand(_to, body);
    }

    public async Task GiveBackAsync() => (await _takeOvers.GiveBackAsync(_conversation, _owner, CancellationToken.None)).ShouldBeTrue();
}
