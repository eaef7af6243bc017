namespace SmsAi.Web.Platform.Ui;

/// <summary>Every icon the console draws, named for what it means rather than for what it shows.</summary>
public enum IconName
{
    Overview, Conversations, Messages, Phone, Users, Tiers, Consent, Broadcasts, Senders, Routing, Personas, Models, Costs, Limits,
    Controls, Alerts, Audit, Jobs, Access, Keys, Settings, SystemCheck,
    Search, Pause, Stop, Resume, Hold, More, Menu, Close, Check, Checks, Plus, Refresh, Download, Upload, Send, Link, Copy, Columns, Eye,
    Sun, Moon, Desk, SignOut, ChevronDown, ChevronRight, ChevronLeft, Sparkle, Edit, Person, Clock,
    In, Out, Up, Dots, Circle, Question, Information, Warning, Fault, Blocked, DeadLetter,
}
