namespace ChatGrpc.Providers.Demo;

/// <summary>What the demo model says in other languages: what it was asked, what it is and what it can do.</summary>
internal static class DemoGreetings
{
    /// <param name="asked">The question, shortened.</param>
    public static string In(DemoLanguage language, string asked) => language switch
    {
        DemoLanguage.German =>
            $"Hallo! Du hast geschrieben: „{asked}“. Ich bin das eingebaute Demonstrationsmodell dieses Dienstes und "
            + "kein echtes Sprachmodell: Ich kann zeigen, wie Antworten Wort für Wort ankommen, gespeichert und "
            + "abgebrochen werden. Für echte Antworten setzt der Betreiber OPENAI_API_KEY. 🙂",
        DemoLanguage.French =>
            $"Bonjour ! Vous avez écrit : « {asked} ». Je suis le modèle de démonstration intégré à ce service, pas un "
            + "vrai modèle de langue : je montre comment les réponses arrivent mot à mot, sont enregistrées et "
            + "s'annulent. Pour de vraies réponses, l'exploitant définit OPENAI_API_KEY. 🙂",
        DemoLanguage.Spanish =>
            $"¡Hola! Has escrito: «{asked}». Soy el modelo de demostración incluido en este servicio, no un modelo de "
            + "lenguaje de verdad: muestro cómo las respuestas llegan palabra por palabra, se guardan y se cancelan. "
            + "Para respuestas de verdad hay que definir OPENAI_API_KEY. 🙂",
        DemoLanguage.Portuguese =>
            $"Olá! Você escreveu: “{asked}”. Sou o modelo de demonstração incluído neste serviço, não um modelo de "
            + "linguagem de verdade: mostro como as respostas chegam palavra por palavra, são salvas e canceladas. "
            + "Para respostas de verdade é preciso definir OPENAI_API_KEY. 🙂",
        DemoLanguage.Italian =>
            $"Ciao! Hai scritto: «{asked}». Sono il modello dimostrativo incluso in questo servizio, non un vero "
            + "modello linguistico: mostro come le risposte arrivano parola per parola, vengono salvate e annullate. "
            + "Per risposte vere bisogna impostare OPENAI_API_KEY. 🙂",
        DemoLanguage.Russian =>
            $"Здравствуйте! Вы написали: «{asked}». Я встроенная демонстрационная модель этого сервиса, а не настоящая "
            + "языковая модель: я показываю, как ответы приходят слово за словом, сохраняются и отменяются. "
            + "Для настоящих ответов нужно задать OPENAI_API_KEY. 🙂",
        DemoLanguage.Chinese =>
            $"你好！你写的是：“{asked}”。我是本服务内置的演示模型，不是真正的语言模型：我可以演示回答如何逐词到达、如何保存、"
            + "如何取消。要得到真正的回答，请设置 OPENAI_API_KEY。🙂",
        DemoLanguage.Japanese =>
            $"こんにちは！あなたのメッセージは「{asked}」ですね。私はこのサービスに組み込まれたデモ用モデルで、本物の言語モデルでは"
            + "ありません。回答が少しずつ届き、保存され、取り消される様子をお見せできます。本物の回答には OPENAI_API_KEY を"
            + "設定してください。🙂",
        DemoLanguage.Korean =>
            $"안녕하세요! 보내신 메시지는 “{asked}”입니다. 저는 이 서비스에 내장된 데모 모델이며 실제 언어 모델이 아닙니다. "
            + "답변이 조금씩 도착하고, 저장되고, 취소되는 모습을 보여 드릴 수 있습니다. 실제 답변을 받으려면 OPENAI_API_KEY를 "
            + "설정하세요. 🙂",
        DemoLanguage.Arabic =>
            $"مرحبًا! لقد كتبت: «{asked}». أنا النموذج التجريبي المدمج في هذه الخدمة ولست نموذجًا لغويًا حقيقيًا: "
            + "أعرض كيف تصل الإجابات كلمة بعد كلمة وكيف تُحفظ وتُلغى. "
            + "للحصول على إجابات حقيقية يجب ضبط OPENAI_API_KEY. 🙂",
        DemoLanguage.Hindi =>
            $"नमस्ते! आपने लिखा: “{asked}”। मैं इस सेवा में शामिल एक प्रदर्शन मॉडल हूँ, कोई असली भाषा मॉडल नहीं: "
            + "मैं दिखाता हूँ कि उत्तर शब्द-दर-शब्द कैसे आते हैं, सहेजे जाते हैं और रद्द किए जाते हैं। "
            + "असली उत्तरों के लिए OPENAI_API_KEY सेट करें। 🙂",
        _ => throw new InvalidOperationException($"{language} is answered by topic."),
    };
}
