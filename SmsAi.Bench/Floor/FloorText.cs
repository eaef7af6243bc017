using SmsAi.Bench.Rows;
using SmsAi.Core.Pipeline.Replying;
using SmsAi.Core.Platform.Privacy;

namespace SmsAi.Bench.Floor;

/// <summary>A person of the floor with her key of the month and what was said before.</summary>
internal sealed class FloorPerson(PersonRow row, PersonKey key, byte[] wrapped)
{
    public PersonRow Row => row;

    public PersonKey Key => key;

    public byte[] Wrapped => wrapped;

    /// <summary>Her rows are not written yet.</summary>
    public bool IsNew { get; set; } = true;

    public List<ChatTurnJson> Said { get; } = [];
}

/// <summary>A text of the floor on its way.</summary>
internal sealed class FloorText(FloorPerson person, long id, string sid, string words, MessageRow row, byte[] fields)
{
    public FloorPerson Person => person;

    public long Id => id;

    public string Sid => sid;

    public string Words => words;

    public MessageRow Row => row;

    public byte[] Fields => fields;

    public long ConversationId { get; set; }

    /// <summary>The conversation's version after the four events of this text.</summary>
    public long Version { get; set; }

    public DateTime At { get; set; }

    public long AnswerId { get; set; }

    public DateTime AnswerAt { get; set; }

    public MessageRow AnswerRow { get; set; }

    public string AnswerEvent { get; set; } = "{}";

    public string AnswerSid { get; set; } = "";

    public string? Model { get; set; }

    public int TokensIn { get; set; }

    public int TokensOut { get; set; }

    public int ModelMs { get; set; }
}
