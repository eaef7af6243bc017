using SmsAi.Core.Pipeline.Delivery;
using SmsAi.Core.Pipeline.Queueing;
using SmsAi.Core.Platform.Privacy;
using Microsoft.Extensions.Options;

namespace SmsAi.Core.Pipeline.Intake;

/// <summary>Makes arrivals ready for the statement: ids, hashes, keys and ciphertexts, all before the database is asked.</summary>
public sealed class IntakeRows(Ids ids, PhoneHasher hasher, MasterKeys masters, KnownPeople people, IOptions<TwilioOptions> twilio, TimeProvider time)
{
    /// <summary>The month whose keys bodies go under now.</summary>
    public DateOnly Month
    {
        get
        {
            var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
            return new DateOnly(today.Year, today.Month, 1);
        }
    }

    internal async Task<List<IntakeRow>> PrepareAsync(IReadOnlyList<InboundArrival> arrivals, CancellationToken cancel)
    {
        var messageIds = await ids.Messages.TakeAsync(arrivals.Count, cancel);
        var month = Month;
        var senders = new Dictionary<PhoneHashKey, Sender>();
        var rows = new List<IntakeRow>(arrivals.Count);
        for (var index = 0; index < arrivals.Count; index++)
        {
            var text = arrivals[index].Text;
            var hash = hasher.Hash(text.From.Canonical);
            var key = new PhoneHashKey(hash);
            if (!senders.TryGetValue(key, out var sender))
                senders[key] = sender = await FindSenderAsync(text.From, hash, month, cancel);
            var row = new IntakeRow
            {
                Arrival = arrivals[index],
                PhoneHash = hash,
                ContentHash = text.Body.Length == 0 ? null : hasher.HashContent(NormalText.Of(text.Body)),
                OurNumber = string.IsNullOrEmpty(twilio.Value.MessagingServiceSid) ? text.To.Canonical : twilio.Value.MessagingServiceSid,
                MessageId = messageIds[index],
                Sender = sender,
                Consent = IntakeRow.ConsentOf(text),
            };
            row.Encrypt(text.Fields.ToJson());
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Keeps what the statement said about the person, and moves a row that lost to the key that won.</summary>
    internal void Learn(IntakeRow row, IntakeOutcome outcome)
    {
        if (outcome.Code != IntakeOutcome.OtherKey)
        {
            if (row.Sender.New is not null)
                people.Learn(row.PhoneHash, new KnownPerson(outcome.UserId, Month, row.Sender.Key));
            return;
        }

        people.Forget(row.PhoneHash);
        row.Sender = outcome.WrappedKey is { } wrapped
            ? new Sender(outcome.UserId, masters.Unwrap(outcome.KeyId, wrapped))
            : NewSender(row.Arrival.Text.From, row.Sender.UserId);
        if (row.Sender.New is null)
            people.Learn(row.PhoneHash, new KnownPerson(outcome.UserId, Month, row.Sender.Key));
        row.Encrypt(row.Arrival.Text.Fields.ToJson());
    }

    private async ValueTask<Sender> FindSenderAsync(PhoneNumber from, byte[] hash, DateOnly month, CancellationToken cancel) =>
        people.Find(hash, month) is { } known
            ? new Sender(known.UserId, known.Key)
            : NewSender(from, (await ids.Users.TakeAsync(1, cancel))[0]);

    private Sender NewSender(PhoneNumber from, long userId)
    {
        var key = PersonKey.Create();
        var profile = PersonKey.Create();
        return new Sender(userId, key)
        {
            New = new NewPerson(masters.Wrap(key), profile, masters.Wrap(profile), profile.Encrypt(from.Canonical, "users.phone", userId)),
        };
    }
}
