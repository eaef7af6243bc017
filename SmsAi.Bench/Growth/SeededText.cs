using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SmsAi.Bench.Rows;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Growth;

/// <summary>An invented text and its answer, as they stand in the tables when all is done.</summary>
internal sealed class SeededText
{
    private static readonly TimeSpan AnswerTakes = TimeSpan.FromMilliseconds(120);

    private static readonly string[] Things =
        ["parcel", "invoice", "order", "booking", "ticket", "delivery", "repair", "refund", "contract", "card", "appointment", "subscription"];

    private SeededText(int text, SeedPlan plan)
    {
        (Id, AnswerId, UserId) = (2L * text + 1, 2L * text + 2, plan.PersonOf(text) + 1);
        (At, First) = (plan.At(text), 4L * plan.TurnOf(text) + 1);
        (Sid, AnswerSid) = (NewSid(), NewSid());
    }

    public long Id { get; }

    public long AnswerId { get; }

    /// <summary>The conversation's id as well: everyone has one.</summary>
    public long UserId { get; }

    public DateTime At { get; }

    public DateTime AnsweredAt => At + AnswerTakes;

    public string Sid { get; }

    public string AnswerSid { get; }

    /// <summary>The conversation's version with the first of its four events.</summary>
    public long First { get; }

    public required Guid KeyId { get; init; }

    public required MessageRow Row { get; init; }

    public required MessageRow AnswerRow { get; init; }

    public required byte[] Fields { get; init; }

    public byte[] TaskHash
    {
        get
        {
            var hash = SHA256.HashData([.. Row.ContentHash, .. Encoding.UTF8.GetBytes(Sid)]);
            BinaryPrimitives.WriteInt64BigEndian(hash, Id);
            return hash;
        }
    }

    public static SeededText Make(int text, SeedPlan plan, PersonKey[] keys, PhoneHasher hasher, TermBlinder search)
    {
        var (id, answerId, key, thing) = (2L * text + 1, 2L * text + 2, keys[plan.PersonOf(text)], Things[text % Things.Length]);
        var words = string.Create(CultureInfo.InvariantCulture, $"Hello, where is my {thing} {text % 99_991}, please?");
        var answer = string.Create(CultureInfo.InvariantCulture, $"Your {thing} {text % 99_991} is on its way and will be with you in {text % 9 + 1} days.");
        return new SeededText(text, plan)
        {
            KeyId = key.Id,
            Row = MessageRow.Make(id, words, key, hasher, search),
            AnswerRow = MessageRow.Make(answerId, answer, key, hasher, search),
            Fields = key.Encrypt(MessageRow.Fields, "messages.fields", id),
        };
    }

    public void AddMessages(CopyRow row)
    {
        row.Add(Id).Add(At).Add(UserId).Add(UserId).AddEnum("in").AddEnum("text").AddEnum("received").Add((short)0).Add(First).AddNull().Add(KeyId)
            .Add(Row.Body).Add(Fields).Add(Row.ContentHash).Add(Sid).Add("valid").Add("webhook").Add((short)1).Add((short)0).AddNull().AddNull()
            .AddNull().AddNull().Add(0).Add(0).AddNull().AddNull().Add(0L).Add(0L);
        row.Next().Add(AnswerId).Add(AnsweredAt).Add(UserId).Add(UserId).AddEnum("out").AddEnum("answer").AddEnum("delivered").Add((short)60).Add(First + 1)
            .Add(Id).Add(KeyId).Add(AnswerRow.Body).AddNull().Add(AnswerRow.ContentHash).Add(AnswerSid).AddNull().AddNull().Add((short)1).Add((short)1)
            .Add(AnsweredAt).Add(AnsweredAt).Add("delivered").Add("gpt-4o-mini").Add(90).Add(20).Add(80).Add(140).Add(30L).Add(7_900L);
    }

    public void AddEvents(CopyRow row)
    {
        AddEvent(row, 0, "received", At, $$"""{"m":{{Id}},"via":"webhook","token":"primary","url":"as_given","batch":9,"verdict":"valid"}""");
        AddEvent(row.Next(), 1, "answered", AnsweredAt,
            $$"""{"m":{{AnswerId}},"r":{{Id}},"kind":"answer","model":"gpt-4o-mini","in":90,"cached":0,"out":20,"ms":80,"turns":3,"chars":420,"micros":30,"segments":1,"category":"General"}""");
        AddEvent(row.Next(), 2, "sending", AnsweredAt, $$"""{"m":{{AnswerId}},"a":1}""");
        AddEvent(row.Next(), 3, "sent", AnsweredAt,
            $$"""{"m":{{AnswerId}},"a":1,"sid":"{{AnswerSid}}","ms":20,"micros":7900,"segments":1,"recovered":""}""");
    }

    private void AddEvent(CopyRow row, int step, string type, DateTime at, FormattableString data) =>
        row.Add(UserId).Add(First + step).Add(type).Add(Id).AddJson(data.ToString(CultureInfo.InvariantCulture)).Add(at);

    private static string NewSid() => "SM" + RandomNumberGenerator.GetHexString(32, lowercase: true);
}
